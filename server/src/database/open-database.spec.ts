import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { entities } from '../entities.js';
import { SettingEntity } from '../modules/settings/setting.entity.js';
import type { Database } from './database.js';
import { openDatabase, openDatabaseForServer } from './open-database.js';
import { inspectCopy } from './sqlite/inspect-copy.js';
import { assertPragmas, openSqliteReader, openSqliteWriter, preparePragmas } from './sqlite/sqlite-connection.js';
import type { Tx } from './tx.js';

describe('openDatabase on SQLite', () => {
  let folder: string;
  let file: string;
  let backupDir: string;
  const open = (): Promise<Database> =>
    openDatabase({ database: { kind: 'sqlite', file, url: '' }, backupDir }, entities);

  const openForServer = (): Promise<Database> =>
    openDatabaseForServer({ database: { kind: 'sqlite', file, url: '' }, backupDir }, entities);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-open-'));
    file = join(folder, 'data', 'opstage.db');
    backupDir = join(folder, 'backups');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const withFile = <T>(path: string, work: (db: BetterSqlite3.Database) => T): T => {
    const db = new BetterSqlite3(path);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };

  it('backs up a database with an older schema before migrating it', async () => {
    mkdirSync(join(folder, 'data'));
    withFile(file, (db) => {
      db.exec(
        'CREATE TABLE schema_migrations (id integer PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)',
      );
      db.exec(`INSERT INTO schema_migrations VALUES (1, 1790000320000, 'AddLeases1790000320000')`);
      db.exec(`CREATE TABLE keepsakes (note text); INSERT INTO keepsakes VALUES ('from before')`);
    });
    await (await open()).close();

    const copies = readdirSync(backupDir);
    expect(copies).toEqual([expect.stringMatching(/^before-migration-[\d\-TZ]+\.db$/)]);
    const copy = join(backupDir, copies[0]!);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`;
    withFile(copy, (db) => {
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.prepare(tables).pluck().all()).toEqual(['keepsakes', 'schema_migrations']);
      expect(db.prepare('SELECT note FROM keepsakes').pluck().get()).toBe('from before');
    });
    expect(withFile(file, (db) => db.prepare(tables).pluck().all())).toContain('users');
  });

  describe('on a database of a preview of 0.1.0', () => {
    const PREVIEW = readFileSync(join(__dirname, '../../test/support/preview-schema.sql'), 'utf8');
    const SETTING = `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'kept', '{"a":1}', 5)`;
    const SCHEMA = 'SELECT name, sql FROM sqlite_master ORDER BY name';

    beforeEach(() => {
      mkdirSync(join(folder, 'data'));
      withFile(file, (db) => {
        db.exec(PREVIEW);
        db.exec(SETTING);
      });
    });

    it('keeps the rows, and neither migrates nor backs up', async () => {
      const before = withFile(file, (db) => db.prepare(SCHEMA).all());
      const recorded = 'SELECT name FROM schema_migrations ORDER BY id';
      const names = withFile(file, (db) => db.prepare(recorded).pluck().all());
      for (const start of [open, openForServer]) {
        const database = await start();
        expect(await database.findOne(SettingEntity, 'key = :key', { key: 'kept' })).toMatchObject({ value: { a: 1 } });
        await database.close();
      }
      expect(withFile(file, (db) => db.prepare(SCHEMA).all())).toEqual(before);
      expect(withFile(file, (db) => db.prepare(recorded).pluck().all())).toEqual(names);
      expect(names).toHaveLength(11);
      expect(existsSync(backupDir)).toBe(false);
      expect(await inspectCopy(file)).toMatchObject({ valid: true, rowCounts: { settings: 1 } });
    });

    it('has the schema that the entities describe', async () => {
      const source = await openSqliteWriter(file, entities);
      expect((await source.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
      await source.destroy();
    });

    it.each([
      ['a step is missing', `DELETE FROM schema_migrations WHERE name = 'AddPasskeys1790005000000'`],
      ['only the first step ran', `DELETE FROM schema_migrations WHERE id > 1; DROP TABLE passkeys`],
    ])('refuses it when %s, says what to do, and changes nothing', async (_, undo) => {
      withFile(file, (db) => db.exec(undo));
      const before = withFile(file, (db) => db.prepare(SCHEMA).all());
      for (const start of [open, openForServer]) {
        await expect(start()).rejects.toMatchObject({
          code: 'SCHEMA_INCOMPLETE',
          message: expect.stringContaining('Start the last preview once') as string,
        });
      }
      expect(withFile(file, (db) => db.prepare(SCHEMA).all())).toEqual(before);
      expect(await inspectCopy(file)).toMatchObject({
        valid: false,
        reason: expect.stringContaining('Start the last preview once') as string,
      });
    });
  });

  describe('on a database that is not its own', () => {
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const filesBeside = () => readdirSync(join(folder, 'data'));

    /** What a program leaves behind: a file in WAL mode, without its side files. */
    const aDatabase = (sql: string) => {
      mkdirSync(join(folder, 'data'), { recursive: true });
      withFile(file, (db) => {
        db.pragma('journal_mode = WAL');
        db.exec(sql);
      });
    };

    const RECORD = 'CREATE TABLE schema_migrations (id integer, timestamp bigint, name varchar)';

    it.each([
      ['another program', 'NOT_OURS', 'CREATE TABLE notes (text)'],
      [
        'another Opstage',
        'NOT_OURS',
        'CREATE TABLE migrations (id, name); CREATE TABLE agents (id); CREATE VIEW v AS SELECT 1',
      ],
      [
        'a program with migrations of the same table name',
        'NOT_OURS',
        `${RECORD}; INSERT INTO schema_migrations VALUES (1, 1, 'Init1'); CREATE TABLE users (id)`,
      ],
      [
        'a program whose record looks different',
        'NOT_OURS',
        'CREATE TABLE schema_migrations (version bigint); CREATE TABLE users (id)',
      ],
      [
        'a newer version',
        'SCHEMA_NEWER',
        `${RECORD}; INSERT INTO schema_migrations VALUES (1, 1, 'CreateSchema1790000000000'), (2, 2, 'Future1999999999999')`,
      ],
    ])('refuses one of %s in one line, and touches nothing', async (_, code, sql) => {
      aDatabase(sql);
      const before = hash();
      for (const start of [open, openForServer]) {
        await expect(start()).rejects.toMatchObject({ code, message: expect.not.stringContaining('\n') as string });
      }
      expect(hash()).toBe(before);
      expect(filesBeside()).toEqual(['opstage.db']);
    });

    it('does not merge the log that a crash of the other program left', async () => {
      aDatabase('CREATE TABLE notes (text)');
      const running = new BetterSqlite3(file);
      running.exec("INSERT INTO notes VALUES ('in the log')");
      const copy = join(folder, 'copy');
      mkdirSync(copy);
      for (const side of ['', '-wal']) copyFileSync(file + side, join(copy, `opstage.db${side}`));
      running.close();
      rmSync(join(folder, 'data'), { recursive: true });
      renameSync(copy, join(folder, 'data'));
      const before = [hash(), readFileSync(`${file}-wal`)];
      await expect(openForServer()).rejects.toMatchObject({ code: 'NOT_OURS' });
      expect([hash(), readFileSync(`${file}-wal`)]).toEqual(before);
    });

    it('refuses a file that is not a database, and leaves it unchanged', async () => {
      mkdirSync(join(folder, 'data'));
      writeFileSync(file, 'a letter of more than sixteen bytes');
      await expect(openForServer()).rejects.toMatchObject({ code: 'NOT_OURS' });
      expect(readFileSync(file, 'utf8')).toBe('a letter of more than sixteen bytes');
      expect(filesBeside()).toEqual(['opstage.db']);
    });
  });

  it('lets one server at a time use the database, and any other process beside it', async () => {
    const server = await openForServer();
    const beside = await open();
    await expect(openForServer()).rejects.toMatchObject({
      code: 'DATABASE_IN_USE',
      message: expect.stringContaining(file) as string,
    });
    await beside.close();
    await server.close();
    await (await openForServer()).close();
  });

  it('waits for a server that is shutting down', async () => {
    const first = await openForServer();
    const second = openForServer();
    await delay(300);
    await first.close();
    await (await second).close();
  });

  it('backs up neither a new database nor one that is up to date', async () => {
    await (await open()).close();
    await (await open()).close();
    expect(existsSync(backupDir)).toBe(false);
  });

  it('lets only the owner of the process read the database and its side files', async () => {
    const database = await open();
    const modes = readdirSync(join(folder, 'data')).map((name) => [
      name,
      statSync(join(folder, 'data', name)).mode & (name.endsWith('.lock') ? 0 : 0o777),
    ]);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(Object.fromEntries(modes)).toMatchObject({
      'opstage.db': 0o600,
      'opstage.db-wal': 0o600,
      'opstage.db-shm': 0o600,
    });
    await database.close();
  });

  it('keeps the mode of an existing folder', async () => {
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    await (await open()).close();
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o755);
  });

  it('refuses a file that is not a database, and leaves it unchanged', async () => {
    mkdirSync(file, { recursive: true });
    await expect(open()).rejects.toThrow();
    expect(statSync(file).isDirectory()).toBe(true);
  });

  it('reads on a read-only connection', async () => {
    await (await open()).close();
    const reader = openSqliteReader(file);
    expect(() => reader.exec(`INSERT INTO settings VALUES ('set_1', 'key', '{}', 0)`)).toThrow('readonly');
    reader.close();
  });

  it('can be closed twice', async () => {
    const database = await open();
    await database.close();
    await expect(database.close()).resolves.toBeUndefined();
  });

  it('makes acknowledged writes durable on every connection', async () => {
    const database = await open();
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys'];
    const values = (tx?: Tx) =>
      Promise.all(pragmas.map((name) => database.query(`SELECT * FROM pragma_${name}`, {}, tx)));
    const durable = [[{ journal_mode: 'wal' }], [{ synchronous: 2 }], [{ foreign_keys: 1 }]];
    expect(await values()).toEqual(durable);
    const [onWriter, onReader] = await database.transaction(async (tx) => [await values(tx), await values()]);
    expect([onWriter, onReader]).toEqual([durable, durable]);
    await database.close();
  });
});

describe('assertPragmas', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-pragmas-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['journal_mode = DELETE', 'journal_mode'],
    ['synchronous = NORMAL', 'synchronous'],
    ['foreign_keys = OFF', 'foreign_keys'],
    ['busy_timeout = 0', 'busy_timeout'],
  ])('refuses a connection with %s and names the setting', (pragma, name) => {
    const db = new BetterSqlite3(join(folder, `${name}.db`));
    preparePragmas(db, false);
    expect(() => {
      assertPragmas(db);
    }).not.toThrow();
    db.pragma(pragma);
    expect(() => {
      assertPragmas(db);
    }).toThrow(name);
    db.close();
  });
});
