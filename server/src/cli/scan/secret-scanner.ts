import { createReadStream } from 'node:fs';

/** Something that must not rest anywhere, and how it is recognised. */
export interface SecretPattern {
  /** What it is, for the report: never the thing itself. */
  readonly kind: string;
  readonly pattern: RegExp;
}

/** No match is longer: what is at the end of one piece of a file is looked for again with the next. */
export const MAX_MATCH_LENGTH = 4_096;

const REGEX_CHARACTERS = /[.*+?^${}()|[\]\\]/g;

/** Finds exactly this value. */
export const literal = (kind: string, value: string): SecretPattern => ({
  kind,
  // Files are read byte by byte.
  pattern: new RegExp(Buffer.from(value, 'utf8').toString('latin1').replace(REGEX_CHARACTERS, '\\$&'), 'g'),
});

/** What has the shape of a credential wherever it stands. */
export const CREDENTIAL_SHAPES: readonly SecretPattern[] = [
  {
    kind: 'registration token',
    // Not the six characters by which a token is told from others: in a row its status and its agent's code follow at once.
    pattern: /opstage_reg_(?![A-Za-z0-9_-]{6}(?:ACTIVE|USED|REVOKED|EXPIRED))[A-Za-z0-9_-]{20,100}/g,
  },
  { kind: 'agent token', pattern: /opstage_agent_[A-Za-z0-9_-]{20,100}/g },
  { kind: 'session cookie', pattern: /opstage_session=s(?::|%3A)[A-Za-z0-9%._-]{20,200}/gi },
  { kind: 'bearer header', pattern: /\bBearer\s{1,4}[A-Za-z0-9._~+/=-]{16,512}/gi },
  { kind: 'private key', pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g },
];

/** In a database, users have theirs; elsewhere it is out of place. */
export const PASSWORD_HASH: SecretPattern = { kind: 'password hash', pattern: /\$argon2id\$v=\d{1,3}\$/g };

export interface Finding {
  readonly kind: string;
  readonly file: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

const CHUNK_BYTES = 1_048_576;

/** All that is wanted and found in a file, which is read a piece at a time: pages of a database too, whatever they hold. */
export const scanFile = async (file: string, wanted: readonly SecretPattern[]): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let text = '';
  let start = 0;
  const search = (end: number): void => {
    for (const { kind, pattern } of wanted) {
      for (const { index } of text.matchAll(pattern)) {
        if (index < end) findings.push({ kind, file, offset: start + index });
      }
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES, encoding: 'latin1' })) {
    text += chunk as string;
    const end = Math.max(0, text.length - MAX_MATCH_LENGTH);
    search(end);
    text = text.slice(end);
    start += end;
  }
  search(text.length);
  return findings.sort((a, b) => a.offset - b.offset);
};
