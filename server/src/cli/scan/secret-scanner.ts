import { createReadStream } from 'node:fs';
import { KEY_BEGIN, TOKEN_SHAPES } from '../../common/secrets/secret-shapes.js';
import { isSecretKey } from '../../common/secrets/secret-text.js';

/** A kind of secret, and how to recognize it. */
export interface SecretPattern {
  /** Its name in the report, which never contains the secret itself. */
  readonly kind: string;
  readonly pattern: RegExp;
  /** Whether a match is one after all; without it, every match is. */
  readonly isSecret?: (match: RegExpMatchArray) => boolean;
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

/** A JSON field with a text; whether its name is a secret's is asked of the match. */
const NAMED_VALUE = /\\?"([\w.\x80-\xff-]{2,64})\\?"\s?:\s?\\?"([^"\\]{4,200})\\?"/g;
/** Stands for a secret, or is one of the words that a schema has there. */
const PLACEHOLDER = /^(?:\[REDACTED\]|string|password|object|\*+|[$<{].*)$/;

/** Patterns of credentials that are out of place in any file. */
export const CREDENTIAL_SHAPES: readonly SecretPattern[] = [
  {
    kind: 'registration token',
    // Except for the stored prefix of a token, which in a row is followed by its status and the agent's code.
    pattern: /opstage_reg_(?![A-Za-z0-9_-]{6}(?:ACTIVE|USED|REVOKED|EXPIRED))[A-Za-z0-9_-]{20,100}/g,
  },
  { kind: 'agent token', pattern: /opstage_agent_[A-Za-z0-9_-]{20,100}/g },
  ...TOKEN_SHAPES.map(({ kind, source }) => ({ kind, pattern: new RegExp(source, 'g') })),
  {
    kind: 'password in a URL',
    pattern: /:\/\/[^\s/?#"'`<>\\@:]{0,100}:(?!\[REDACTED\]|%5BREDACTED|[*$<{])[^\s/?#"'`<>\\@:]{1,200}@/g,
  },
  {
    kind: 'named secret',
    pattern: NAMED_VALUE,
    isSecret: ([, key = '', value = '']) => isSecretKey(key) && !PLACEHOLDER.test(value),
  },
  { kind: 'bearer header', pattern: /\bBearer\s{1,4}[A-Za-z0-9._~+/=-]{16,512}/gi },
  { kind: 'private key', pattern: new RegExp(KEY_BEGIN, 'g') },
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
    for (const { kind, pattern, isSecret } of patterns) {
      for (const match of text.matchAll(pattern)) {
        if (match.index >= end || isSecret?.(match) === false) continue;
        findings.push({ kind, file, offset: start + match.index });
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
