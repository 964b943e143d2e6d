import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';
import BetterSqlite3 from 'better-sqlite3';
import { TEST_SECRET } from '../support/test-config.js';

const ROOT = join(__dirname, '..', '..', '..');
const SOURCES = join(ROOT, 'server', 'src');
const HOOKS = pathToFileURL(join(ROOT, 'libs', 'testing', 'run-typescript.mjs')).href;

const run = async (args: readonly string[], settings: Readonly<Record<string, string>>) => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OPSTAGE_'));
  const env = { ...Object.fromEntries(inherited), ...settings };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, output, errors };
};

const start = (settings: Readonly<Record<string, string>>) =>
  run(['--conditions=source', `--import=${HOOKS}`, join(SOURCES, 'main.ts')], {
    OPSTAGE_SESSION_SECRET: TEST_SECRET,
    OPSTAGE_PORT: '0',
    ...settings,
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-start-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a start that cannot work ends with 78 and one line', () => {
  it('when the data directory is a file', async () => {
    const dataDir = join(folder, 'file');
    writeFileSync(dataDir, '');
    expect(await start({ OPSTAGE_DATA_DIR: dataDir })).toEqual({
      code: 78,
      output: '',
      errors: `The server could not start: ${dataDir} is not a folder.\n`,
    });
  });

  it('when the database is of another program with the same file name, which stays as it is', async () => {
    const file = join(folder, 'opstage.db');
    const db = new BetterSqlite3(file);
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE migrations (id, name); CREATE TABLE agents (id)');
    db.close();
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = hash();
    const { code, output, errors } = await start({ OPSTAGE_DATA_DIR: folder });
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^\S+opstage\.db belongs to another program: .*\n$/);
    expect(hash()).toBe(before);
    expect(readdirSync(folder)).toEqual(['opstage.db']);
  });

  it('when the port is taken, after the password of the first owner', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const settings = { OPSTAGE_DATA_DIR: folder, OPSTAGE_PORT: port, OPSTAGE_LOG_LEVEL: 'warn' };
    const { code, output, errors } = await start(settings);
    other.close();
    expect(code).toBe(78);
    expect(output).toMatch(
      /^Sign in as +admin\nwith password \S{24}\nThis password is shown only once: store it now\.\n+$/,
    );
    expect(errors).toBe(
      `Port ${port} on 127.0.0.1 is in use. Stop the process that listens there, or set OPSTAGE_PORT.\n`,
    );
  });

  it('when the database does not answer', async () => {
    const url = 'postgres://ops:hunter2@127.0.0.1:1/ops';
    const { code, output, errors } = await start({ OPSTAGE_DATA_DIR: folder, DATABASE_URL: url });
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^The database of DATABASE_URL cannot be opened: .*ECONNREFUSED.*\n$/);
    expect(errors).not.toContain('hunter2');
  });
});

describe('a Node that is too old', () => {
  /** The entry with nothing beside it that it could load, and a package that needs a Node of the future. */
  const anEntry = (name: 'main' | 'cli/main'): string => {
    const target = join(folder, 'dist', 'server');
    for (const file of [name, 'config/node-version']) {
      const { code } = transformFileSync(join(SOURCES, `${file}.ts`), {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      });
      mkdirSync(join(target, file, '..'), { recursive: true });
      writeFileSync(join(target, `${file}.js`), code);
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: '>=99.1' } }));
    return join(target, `${name}.js`);
  };

  it.each(['main', 'cli/main'] as const)(
    'is told by %s which one it should be, before anything else is loaded',
    async (name) => {
      expect(await run([anEntry(name)], {})).toEqual({
        code: 78,
        output: '',
        errors: `Opstage CE needs Node 99.1 or newer; ${process.execPath} is Node ${process.versions.node}.\n`,
      });
    },
  );
});
