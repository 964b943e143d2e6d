import { createReadStream } from 'node:fs';

/** A kind of secret, and how to recognize it. */
export interface SecretPattern {
  /** Its name in the report, which never contains the secret itself. */
  readonly kind: string;
  readonly pattern: RegExp;
}

/** No match is longer: the end of each chunk is searched again together with the next one. */
const MAX_MATCH_LENGTH = 4_096;

const CHUNK_BYTES = 1_048_576;

const REGEX_CHARACTERS = /[.*+?^${}()|[\]\\]/g;

/** A pattern for exactly this value. */
export const literal = (kind: string, value: string): SecretPattern => ({
  kind,
  // Files are searched as bytes.
  pattern: new RegExp(Buffer.from(value, 'utf8').toString('latin1').replace(REGEX_CHARACTERS, '\\$&'), 'g'),
});

/** Patterns of credentials that are out of place in any file. */
export const CREDENTIAL_SHAPES: readonly SecretPattern[] = [
  {
    kind: 'registration token',
    // Except for the stored prefix of a token, which in a row is followed by its status and the agent's code.
    pattern: /opstage_reg_(?![A-Za-z0-9_-]{6}(?:ACTIVE|USED|REVOKED|EXPIRED))[A-Za-z0-9_-]{20,100}/g,
  },
  { kind: 'agent token', pattern: /opstage_agent_[A-Za-z0-9_-]{20,100}/g },
  { kind: 'session cookie', pattern: /opstage_session=s(?::|%3A)[A-Za-z0-9%._-]{20,200}/gi },
  { kind: 'bearer header', pattern: /\bBearer\s{1,4}[A-Za-z0-9._~+/=-]{16,512}/gi },
  { kind: 'private key', pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g },
];

/** Out of place anywhere but in the database. */
export const PASSWORD_HASH: SecretPattern = { kind: 'password hash', pattern: /\$argon2id\$v=\d{1,3}\$/g };

/** A secret that was found. */
export interface Finding {
  readonly kind: string;
  readonly file: string;
  /** The offset in bytes. */
  readonly offset: number;
}

/** Finds everything in a file that matches one of the patterns; reads the file in chunks, as bytes. */
export const scanFile = async (file: string, patterns: readonly SecretPattern[]): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let text = '';
  let start = 0;
  const search = (end: number): void => {
    for (const { kind, pattern } of patterns) {
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
