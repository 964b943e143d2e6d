import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { entities } from '../entities.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';
import { assertPragmas, preparePragmas } from './sqlite/sqlite-connection.js';

describe('openDatabase on SQLite', () => {
  let folder: string;
  let file: string;
  let backupDir: string;
  const open = (): Promise<Database> =>
    openDatabase({ database: { kind: 'sqlite', file, url: '' }, backupDir }, entities);

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

  it('copies a database with an older schema before it changes it', async () => {
    mkdirSync(join(folder, 'data'));
    withFile(file, (db) => {
      db.exec(
        'CREATE TABLE schema_migrations (id integer PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)',
      );
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

  it('copies neither a new database nor one that is up to date', async () => {
    await (await open()).close();
    await (await open()).close();
    expect(existsSync(backupDir)).toBe(false);
  });

  it('lets only the owner of the process read the database and what SQLite puts beside it', async () => {
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

  it('leaves the mode of a folder alone that is there already', async () => {
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    await (await open()).close();
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o755);
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    mkdirSync(file, { recursive: true });
    await expect(open()).rejects.toThrow();
    expect(statSync(file).isDirectory()).toBe(true);
  });

  it('reads with a connection that cannot write', async () => {
    const database = await open();
    const write = database.manager().query(`INSERT INTO settings VALUES ('set_1', 'key', '{}', 0)`);
    await expect(write).rejects.toMatchObject({ driverError: { code: 'SQLITE_READONLY' } });
    await database.close();
  });

  it('may be closed twice', async () => {
    const database = await open();
    await database.close();
    await expect(database.close()).resolves.toBeUndefined();
  });

  it('runs its connections such that what is acknowledged is durable', async () => {
    const database = await open();
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys'];
    const values = (query: (sql: string) => Promise<unknown>) =>
      Promise.all(pragmas.map(async (name) => Object.values((await query(`PRAGMA ${name}`)) as object[])[0]));
    const durable = [{ journal_mode: 'wal' }, { synchronous: 2 }, { foreign_keys: 1 }];
    expect(await values((sql) => database.manager().query(sql))).toEqual(durable);
    expect(await database.transaction((tx) => values((sql) => tx.manager.query(sql)))).toEqual(durable);
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
  ])('refuses a connection with %s by name', (pragma, name) => {
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
