import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { entities } from '../../entities.js';
import { openDatabase } from '../open-database.js';
import { inspectCopy } from './inspect-copy.js';

const PAGE_BYTES = 4_096;

describe('inspecting a copy of the database', () => {
  let folder: string;
  let copy: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-inspect-'));
    copy = join(folder, 'copy.db');
    const config = {
      database: { kind: 'sqlite', file: join(folder, 'opstage.db'), url: '' },
      backupDir: folder,
    } as const;
    const db = await openDatabase(config, entities);
    const insert = `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'a', '{}', 0)`;
    await db.transaction((tx) => tx.execute(insert));
    await db.copyTo(copy);
    await db.close();
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const change = (sql: string): void => {
    const db = new BetterSqlite3(copy);
    db.unsafeMode().exec(sql);
    db.close();
  };

  it('accepts an intact copy, and reports its schema and row counts', async () => {
    const found = await inspectCopy(copy);
    expect(found).toMatchObject({ valid: true, rowCounts: { settings: 1, users: 0 } });
    expect(found.valid && found.schema).toMatch(/^\w+\d{13}$/);
  });

  it.each([
    [
      'a file that is not a database',
      () => {
        writeFileSync(copy, 'a letter to my aunt');
      },
      'not an SQLite database',
    ],
    [
      'an empty file',
      () => {
        writeFileSync(copy, '');
      },
      'not an SQLite database',
    ],
    [
      'a truncated copy',
      () => {
        truncateSync(copy, 5 * PAGE_BYTES);
      },
      'damaged',
    ],
    [
      'a copy with an overwritten page',
      () => {
        const bytes = readFileSync(copy);
        writeFileSync(copy, bytes.fill(0x5a, 5 * PAGE_BYTES, 6 * PAGE_BYTES));
      },
      'damaged',
    ],
    [
      'a database of another program',
      () => {
        change('DROP TABLE schema_migrations');
      },
      'no database of Opstage CE',
    ],
    [
      'a copy of a newer version',
      () => {
        change(`INSERT INTO schema_migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`);
      },
      'made by a newer version: this one does not know the schema FromTheFuture1999999999999',
    ],
  ])('refuses %s and says so', async (_, spoil, words) => {
    spoil();
    const found = await inspectCopy(copy);
    expect(found).toEqual({ valid: false, reason: expect.stringContaining(words) as string });
  });
});
