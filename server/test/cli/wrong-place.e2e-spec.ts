import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { aStartedPlace, aTestPlace, type TestPlace } from '../support/start-test-app.js';
import { TEST_SECRET } from '../support/test-config.js';

const ROOT = mkdtempSync(join(tmpdir(), 'opstage-wrong-place-'));
const EXPORT = join(ROOT, 'export.jsonl');
const BACKUP = join(ROOT, 'backup.db');

const COMMANDS: readonly (readonly string[])[] = [
  ['users', 'list'],
  ['users', 'create', 'ada', '--generate'],
  ['users', 'reset-password', 'admin', '--generate'],
  ['users', 'reset-passkeys', 'admin'],
  ['tokens', 'create'],
  ['backup'],
  ['doctor'],
  ['doctor', '--url', 'http://127.0.0.1:1'],
  ['scan'],
  ['scan', ROOT],
];

/** Where nothing was installed: the data directory does not exist. */
const nowhere = (): TestPlace => {
  const folder = join(mkdtempSync(join(ROOT, 'empty-')), 'data');
  const database = { config: { kind: 'sqlite', file: join(folder, 'opstage.db'), url: '' } } as TestPlace['database'];
  return { folder, database } as TestPlace;
};

/** Every file below a folder, with a hash of its content. */
const contentOf = (folder: string): Readonly<Record<string, string>> => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
};

/** A stopped installation whose database an older version made; it is not migrated yet. */
const anOlderPlace = async (): Promise<TestPlace> => {
  const place = await aStartedPlace('sqlite');
  const db = new BetterSqlite3(place.database.config.file);
  db.exec("DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES (1, 1, 'AddLeases1790000320000')");
  db.pragma('journal_mode = WAL');
  db.close();
  return place;
};

beforeAll(() => {
  writeFileSync(EXPORT, '{}\n');
  writeFileSync(BACKUP, 'a backup');
});

afterAll(() => {
  rmSync(ROOT, { recursive: true });
});

describe('opstage where there is no installation', () => {
  const WITHOUT_SECRET = [...COMMANDS, ['audit', 'verify', EXPORT], ['restore', BACKUP]];

  it.each([
    ...WITHOUT_SECRET.map((args) => [args.join(' ').replaceAll(ROOT, '…'), 'no secret', args, ''] as const),
    ...COMMANDS.map((args) => [args.join(' ').replaceAll(ROOT, '…'), 'a secret', args, TEST_SECRET] as const),
  ])('%s, with %s in the environment, makes nothing and says what to set', async (_name, _secret, args, secret) => {
    const place = nowhere();
    const settings = { OPSTAGE_SESSION_SECRET: secret };
    const { code, output, errors } = await runOpstage(place, args, { settings });
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^There is no installation.*OPSTAGE_DATA_DIR.*run this where the server runs\.\n$/);
    expect(errors).toContain(place.folder);
    expect(readdirSync(join(place.folder, '..'))).toEqual([]);
  });

  it('says the same as a program of its own, and in an existing data directory without a database', async () => {
    const place = nowhere();
    mkdirSync(place.folder);
    const { code, output, errors } = await spawnOpstage(place, ['users', 'list']);
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^There is no installation: .*\n$/);
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('creates no tables in an empty PostgreSQL database', async () => {
    const place = await aTestPlace('postgres');
    for (const args of [
      ['users', 'list'],
      ['tokens', 'create'],
    ]) {
      const { code, errors } = await runOpstage(place, args);
      expect(code).toBe(78);
      expect(errors).toMatch(
        /^There is no installation: The database of DATABASE_URL does not exist or is empty\..*\n$/,
      );
    }
    const client = new Client({ connectionString: place.database.config.url });
    await client.connect();
    expect((await client.query('SELECT 1 FROM pg_tables WHERE schemaname = current_schema()')).rows).toEqual([]);
    await client.end();
    await place.database.drop();
  });
});

describe('opstage on a database with an older schema', () => {
  it.each([
    ['users', 'list'],
    ['tokens', 'create'],
    ['doctor', '--url', 'http://127.0.0.1:1'],
  ])('%s %s says what upgrades it, and changes nothing', async (...args) => {
    const place = await anOlderPlace();
    const before = contentOf(place.folder);
    const { code, output, errors } = await runOpstage(place, args);
    expect({ code, output }).toEqual({ code: 78, output: '' });
    expect(errors).toMatch(/^\S+opstage\.db has an older schema\. Start the server of this version once.*\n$/);
    expect(contentOf(place.folder)).toEqual(before);
  });

  it('backup copies it without a migration', async () => {
    const place = await anOlderPlace();
    const before = contentOf(place.folder);
    const out = join(place.folder, 'out.db');
    const { code, output, errors } = await runOpstage(place, ['backup', '--out', out], {
      settings: { OPSTAGE_BACKUP_DIR: join(place.folder, 'backups') },
    });
    expect({ code, errors }).toEqual({
      code: 0,
      errors: 'The database has an older schema. It is copied as it is, without an audit event.\n',
    });
    expect(output).toMatch(/reopened and verified\.\n$/);
    expect(contentOf(place.folder)).toMatchObject(before);
    const copy = new BetterSqlite3(out, { readonly: true });
    expect(copy.prepare('SELECT name FROM schema_migrations').pluck().all()).toEqual(['AddLeases1790000320000']);
    copy.close();
  });
});

describe('opstage says in one line', () => {
  it('that a folder is no backup', async () => {
    const { code, output, errors } = await runOpstage(await aStartedPlace('sqlite'), ['restore', ROOT]);
    expect({ code, output, errors }).toEqual({
      code: 1,
      output: '',
      errors: `${ROOT} is a folder. Name the backup in it, a file that ends in .db.\n`,
    });
  });

  it.each([
    [['scan', '/no/such/path'], 'There is no file or folder /no/such/path.\n'],
    [['scan', '--values', '/no/values'], 'There is no file or folder /no/values.\n'],
  ])('what %j names does not exist', async (args, errors) => {
    expect(await runOpstage(await aStartedPlace('sqlite'), args)).toEqual({ code: 1, output: '', errors });
  });

  it('which file it may not write', async () => {
    const place = await aStartedPlace('sqlite');
    cpSync(BACKUP, join(place.folder, 'file'));
    const run = await runOpstage(place, ['backup', '--out', join(place.folder, 'file', 'copy.db')]);
    expect(run.code).toBe(1);
    expect(run.errors).toMatch(/^E\w+: [^\n]*copy\.db'?\n$/);
  });
});
