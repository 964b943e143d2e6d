import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePrivateFolder, SECRET_FILE, secretFromFile } from './secret-file.js';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Calls `secretFromFile` in a process of its own; Node compiles TypeScript by itself. */
const IN_A_PROCESS = `
  import { registerHooks } from 'node:module';
  const resolve = (name, context, next) => next(name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context);
  registerHooks({ resolve });
  const { secretFromFile } = await import(process.argv[1]);
  process.stdout.write(secretFromFile(process.argv[2]));
`;
const secretFromProcess = async (folder: string): Promise<string> => {
  const source = join(__dirname, 'secret-file.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--experimental-transform-types',
    '--conditions=source',
    '-e',
    IN_A_PROCESS,
    source,
    folder,
  ]);
  return stdout;
};

describe('secretFromFile', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'opstage-secret-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('creates a long secret once, in a folder and file that only the owner can read', () => {
    const folder = join(root, 'new', 'data');
    const secret = secretFromFile(folder);
    expect(secret.length).toBeGreaterThanOrEqual(64);
    expect(secretFromFile(folder)).toBe(secret);
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, SECRET_FILE))).toBe(0o600);
    expect(readdirSync(folder)).toEqual([SECRET_FILE]);
  });

  it('creates a different secret for another folder', () => {
    expect(secretFromFile(join(root, 'a'))).not.toBe(secretFromFile(join(root, 'b')));
  });

  it('returns the same secret to processes that start at once, and leaves no draft behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 4 }, () => secretFromProcess(root)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toBe(readFileSync(join(root, SECRET_FILE), 'utf8').trim());
    expect(readdirSync(root)).toEqual([SECRET_FILE]);
  });

  it.each(['', '\n', 'too short\n'])('rejects a file that contains %j, and does not touch it', (content) => {
    const file = join(root, SECRET_FILE);
    writeFileSync(file, content);
    expect(() => secretFromFile(root)).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});

describe('ensurePrivateFolder', () => {
  it('keeps the mode of an existing folder', () => {
    const root = mkdtempSync(join(tmpdir(), 'opstage-folder-'));
    const shared = join(root, 'shared');
    mkdirSync(shared);
    const before = modeOf(shared);
    ensurePrivateFolder(shared);
    expect(modeOf(shared)).toBe(before);
    ensurePrivateFolder(join(shared, 'mine'));
    expect(modeOf(join(shared, 'mine'))).toBe(0o700);
    rmSync(root, { recursive: true });
  });
});
