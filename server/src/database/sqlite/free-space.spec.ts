import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import BetterSqlite3 from 'better-sqlite3';
import '../../../test/support/quiet.js';
import { entities } from '../../entities.js';
import type { Database } from '../database.js';
import { openDatabaseForServer } from '../open-database.js';
import { enableIncrementalVacuum } from './free-space.js';

const ROWS = 4_000;
const MEGABYTE = 1024 ** 2;
const FILLER = 'x'.repeat(3_000);

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-space-'));
  file = join(folder, 'opstage.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const sizeOf = (path: string): number => statSync(path).size;

const open = (): Promise<Database> =>
  openDatabaseForServer({ database: { kind: 'sqlite', file, url: '' }, backupDir: join(folder, 'backups') }, entities);

/** As many rows as make a dozen megabytes, each in a page of its own. */
const fill = (db: Database): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute('CREATE TABLE freight (id integer PRIMARY KEY, load text)');
    for (let id = 0; id < ROWS; id += 1) {
      await tx.execute('INSERT INTO freight VALUES (:id, :load)', { id, load: FILLER });
    }
  });

const unload = (db: Database, share: number): Promise<number> =>
  db.transaction((tx) => tx.execute('DELETE FROM freight WHERE id % 100 < :percent', { percent: share * 100 }));

/** All slices, and the largest of them. */
const giveAllBack = async (db: Database): Promise<{ readonly bytes: number; readonly largest: number }> => {
  let [bytes, largest] = [0, 0];
  for (;;) {
    const slice = await db.reclaimSpace();
    if (slice === 0) return { bytes, largest };
    bytes += slice;
    largest = Math.max(largest, slice);
  }
};

/** The file without its log, which is merged into it when the last connection closes. */
const openFilled = async (): Promise<Database> => {
  const db = await open();
  await fill(db);
  await db.close();
  return open();
};

describe('the database file', () => {
  it('gives up the space of deleted rows a slice at a time, and stays readable', async () => {
    const db = await openFilled();
    const full = sizeOf(file);
    expect(full).toBeGreaterThan(12 * MEGABYTE);
    await unload(db, 0.9);
    const { bytes, largest } = await giveAllBack(db);
    expect(bytes).toBeGreaterThan(9 * MEGABYTE);
    expect(largest).toBeLessThan(MEGABYTE);
    // While the server is running.
    expect(sizeOf(file)).toBe(full - bytes);
    expect(await db.query('SELECT COUNT(*) AS rows FROM freight', {})).toEqual([{ rows: ROWS / 10 }]);
    await db.close();
    const raw = new BetterSqlite3(file, { readonly: true });
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
    raw.close();
  });

  it('keeps a little room for new rows', async () => {
    const db = await openFilled();
    const full = sizeOf(file);
    await unload(db, 0.05);
    expect(await db.reclaimSpace()).toBe(0);
    expect(sizeOf(file)).toBe(full);
    await db.close();
  });

  it('shrinks between the writes of others', async () => {
    const db = await openFilled();
    await unload(db, 0.9);
    const writes = Array.from({ length: 50 }, (_, i) =>
      db.transaction((tx) => tx.execute(`INSERT INTO freight VALUES (:id, 'new')`, { id: ROWS + i })),
    );
    const [{ bytes }] = await Promise.all([giveAllBack(db), ...writes]);
    expect(bytes).toBeGreaterThan(9 * MEGABYTE);
    expect(await db.query(`SELECT COUNT(*) AS rows FROM freight WHERE load = 'new'`, {})).toEqual([{ rows: 50 }]);
    await db.close();
  });
});

describe('a database made without incremental vacuum', () => {
  const modeOf = (path: string): unknown => {
    const raw = new BetterSqlite3(path, { readonly: true });
    try {
      return raw.pragma('auto_vacuum', { simple: true });
    } finally {
      raw.close();
    }
  };

  /** As earlier versions made it. */
  const makeRigid = async (): Promise<void> => {
    await (await open()).close();
    const raw = new BetterSqlite3(file);
    raw.pragma('auto_vacuum = NONE');
    raw.pragma('journal_mode = DELETE');
    raw.exec('VACUUM');
    raw.close();
    expect(modeOf(file)).toBe(0);
  };

  it('is rearranged once, at start, and can shrink from then on', async () => {
    await makeRigid();
    const db = await openFilled();
    expect(modeOf(file)).toBe(2);
    await unload(db, 0.9);
    expect((await giveAllBack(db)).bytes).toBeGreaterThan(9 * MEGABYTE);
    await db.close();
  });

  it('stays unchanged and usable when it cannot be rearranged', async () => {
    await makeRigid();
    const reader = new BetterSqlite3(file, { timeout: 0 });
    reader.exec('BEGIN EXCLUSIVE');
    enableIncrementalVacuum(file, new Logger());
    reader.exec('ROLLBACK');
    reader.close();
    expect(modeOf(file)).toBe(0);
    const db = await open();
    expect(modeOf(file)).toBe(2);
    await db.close();
  });
});
