import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIAL_SHAPES, literal, PASSWORD_HASH, scanFile, type SecretPattern } from './secret-scanner.js';

const TOKEN = `opstage_agent_${'Ab1-_'.repeat(9)}`;

describe('scanning a file for credentials', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-scan-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const found = async (
    content: string | Buffer,
    wanted: readonly SecretPattern[] = CREDENTIAL_SHAPES,
  ): Promise<string[]> => {
    const file = join(folder, 'file');
    writeFileSync(file, content);
    return (await scanFile(file, wanted)).map(({ kind, offset }) => `${kind} at ${offset}`);
  };

  it.each([
    ['a registration token', `x opstage_reg_${'k'.repeat(43)} y`, 'registration token at 2'],
    ['an agent token', `{"used":"${TOKEN}"}`, 'agent token at 9'],
    ['a session cookie', `Cookie: opstage_session=s%3A${'a'.repeat(43)}.sig`, 'session cookie at 8'],
    ['a bearer header', 'Authorization: Bearer abcdefgh.1234567890', 'bearer header at 15'],
    ['a GitHub token', `pushed with ghp_${'a1'.repeat(18)}.`, 'GitHub token at 12'],
    ['a password of a URL', 'at postgres://svc:hunter2@db', 'password in a URL at 11'],
    ['a value whose name is a secret\u2019s', '{"user":"me","dbpassword": "hunter2"}', 'named secret at 13'],
    ['a PGP key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n', 'private key at 0'],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHc', 'private key at 0'],
  ])('finds %s', async (_, text, finding) => {
    expect(await found(text)).toEqual([finding]);
  });

  it.each([
    'opstage_reg_abc123…',
    'opstage_reg_abc123USEDthe-agent-of-the-warehouse',
    'opstage_reg_a_c-23ACTIVEthe-agent-of-the-warehouse',
    'the bearer of this letter',
    'opstage_agent_token',
    'BEGIN PUBLIC KEY',
    'sha256:ab12',
    '{"password":"[REDACTED]","tokenCount":"many"}',
    'postgres://svc:[REDACTED]@db',
    'https://host:8080/a@b',
  ])('does not report text that is not a credential: %s', async (text) => {
    expect(await found(text)).toEqual([]);
  });

  it('finds each secret once, even in binary data and across the chunks of a file', async () => {
    const piece = 1_048_576;
    const content = Buffer.alloc(3 * piece, 0xff);
    const places = [0, piece - 5, piece + 100_000, 2 * piece - 4_096, 3 * piece - TOKEN.length];
    for (const place of places) content.write(TOKEN, place, 'latin1');
    expect(await found(content)).toEqual(places.map((place) => `agent token at ${place}`));
  });

  it('finds exactly the given values, with any characters', async () => {
    const wanted = [literal('value 1', 'p(ss*w.rd'), literal('value 2', 'пароль'), PASSWORD_HASH];
    const text = 'is p(ss*w.rd, not passsword; пароль; $argon2id$v=19$m=1';
    expect((await found(text, wanted)).map((line) => line.split(' at ')[0])).toEqual([
      'value 1',
      'value 2',
      'password hash',
    ]);
  });
});
