import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseKind } from '#contracts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { entities } from '../entities.js';
import { SettingEntity } from '../modules/settings/setting.entity.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';
import type { Tx } from './tx.js';

let made = 0;
const aSetting = (key: string): SettingEntity => ({
  id: `set_${String((made += 1)).padStart(26, '0')}`,
  key,
  value: {},
  updatedAt: new Date(),
});

describe.each<DatabaseKind>(['sqlite', 'postgres'])('Database.transaction on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let db: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-db-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
  });

  afterEach(async () => {
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const insert = (tx: Tx, key: string): Promise<void> => tx.insert(SettingEntity, aSetting(key));
  const committedKeys = async (): Promise<string[]> =>
    (await db.find(SettingEntity, 'TRUE ORDER BY key')).map(({ key }) => key);

  it('keeps every acknowledged row of transactions that overlap', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `key-${String(i).padStart(3, '0')}`);
    await Promise.all(
      keys.map((key) =>
        db.transaction(async (tx) => {
          await insert(tx, key);
          await nextTurn();
          await insert(tx, `${key}-second`);
        }),
      ),
    );
    expect(await committedKeys()).toEqual(keys.flatMap((key) => [key, `${key}-second`]));
  });

  it('answers long questions aside, from what is committed', async () => {
    await db.transaction((tx) => insert(tx, 'a'));
    const count = async (): Promise<number> => {
      const text = 'SELECT COUNT(*) AS total FROM settings WHERE key = :key';
      const [row] = await db.queryInWorker<{ total: string | number }>(text, { key: 'a' });
      return Number(row?.total);
    };
    expect(await Promise.all([count(), count()])).toEqual([1, 1]);
    await expect(db.queryInWorker('SELECT nothing')).rejects.toThrow('nothing');
    expect(await count()).toBe(1);
  });

  it('rolls back what fails, alone and whole, among others that succeed', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        db.transaction(async (tx) => {
          await insert(tx, `first-${i}`);
          await nextTurn();
          if (i % 3 === 0) throw new Error(`refused ${i}`);
          await insert(tx, `second-${i}`);
          return i;
        }),
      ),
    );
    outcomes.forEach((outcome, i) => {
      if (i % 3 === 0) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: `refused ${i}` } });
      else expect(outcome).toEqual({ status: 'fulfilled', value: i });
    });
    const kept = Array.from({ length: 60 }, (_, i) => i).filter((i) => i % 3 !== 0);
    expect((await committedKeys()).sort()).toEqual(kept.flatMap((i) => [`first-${i}`, `second-${i}`]).sort());
  });

  it('lets a statement that the database refuses fail its own caller only', async () => {
    await db.transaction((tx) => insert(tx, 'taken'));
    const outcomes = await Promise.allSettled([
      db.transaction((tx) => insert(tx, 'before')),
      db.transaction((tx) => insert(tx, 'taken')),
      db.transaction((tx) => insert(tx, 'after')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await committedKeys()).toEqual(['after', 'before', 'taken']);
  });

  it('shows nobody what is not committed, and everybody what is, the moment the caller is answered', async () => {
    const select = 'SELECT key FROM settings WHERE key = :key';
    const seen = async (tx?: Tx): Promise<unknown> => db.query(select, { key: 'key' }, tx);
    let seenInside: unknown[] = [];
    expect(await seen()).toEqual([]);
    await db.transaction(async (tx) => {
      await insert(tx, 'key');
      seenInside = [await committedKeys(), await seen()];
      expect(await db.count(SettingEntity, 'key = :key', { key: 'key' }, tx)).toBe(1);
      expect(await seen(tx)).toEqual([{ key: 'key' }]);
    });
    expect(seenInside).toEqual([[], []]);
    expect(await committedKeys()).toEqual(['key']);
    expect(await seen()).toEqual([{ key: 'key' }]);
  });

  it('finds entities by columns, in the order that the condition asks for', async () => {
    const rows = ['b', 'a', 'c'].map(aSetting);
    await db.transaction(async (tx) => {
      for (const row of rows) await tx.insert(SettingEntity, { ...row, value: { of: row.key } });
      expect(await db.count(SettingEntity, 'TRUE', {}, tx)).toBe(3);
      expect(await db.count(SettingEntity, 'TRUE')).toBe(0);
    });
    const found = await db.find(SettingEntity, 'key IN (:...keys) ORDER BY key LIMIT :limit', {
      keys: ['b', 'c', 'a'],
      limit: 2,
    });
    expect(found).toEqual([
      { ...rows[1], value: { of: 'a' } },
      { ...rows[0], value: { of: 'b' } },
    ]);
    expect(found[0]).toBeInstanceOf(SettingEntity);
    expect(await db.findOne(SettingEntity, 'key = :key', { key: 'c' })).toEqual({ ...rows[2], value: { of: 'c' } });
    expect(await db.findOne(SettingEntity, 'key = :key', { key: 'd' })).toBeNull();
    expect(await db.count(SettingEntity, 'key > :key', { key: 'a' })).toBe(2);
  });

  it('inserts a row where there is none, and replaces or keeps the one that is there', async () => {
    const row = aSetting('key');
    const changed = { ...row, value: { changed: true } };
    const stored = () => db.findOne(SettingEntity, 'id = :id', { id: row.id });
    expect(await db.transaction((tx) => tx.insertIfAbsent(SettingEntity, row))).toBe(true);
    expect(await db.transaction((tx) => tx.insertIfAbsent(SettingEntity, changed))).toBe(false);
    expect(await stored()).toEqual(row);
    await db.transaction((tx) => tx.upsert(SettingEntity, changed));
    expect(await stored()).toEqual(changed);
    const other = aSetting('other');
    await db.transaction((tx) => tx.upsert(SettingEntity, other));
    expect(await db.find(SettingEntity, 'TRUE ORDER BY key')).toEqual([changed, other]);
    expect(await db.transaction((tx) => tx.delete(SettingEntity, 'key = :key', { key: 'key' }))).toBe(1);
    expect(await stored()).toBeNull();
  });

  it('gives each caller the value of its own work', async () => {
    const values = await Promise.all([1, 2, 3].map((value) => db.transaction(() => Promise.resolve(value))));
    expect(values).toEqual([1, 2, 3]);
  });

  it('tells listeners after the commit, before the caller is answered, and never of what was rolled back', async () => {
    const news: string[] = [];
    await Promise.allSettled([
      db
        .transaction(async (tx) => {
          tx.afterCommit(() => news.push('kept'));
          await insert(tx, 'kept');
        })
        .then(() => news.push('answered')),
      db.transaction(async (tx) => {
        tx.afterCommit(() => news.push('lost'));
        await insert(tx, 'lost');
        throw new Error('refused');
      }),
    ]);
    expect(news).toEqual(['kept', 'answered']);
  });

  it('answers the caller although a listener throws: the commit stands', async () => {
    const work = db.transaction(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('a listener fails');
      });
      await insert(tx, 'kept');
      return 'answer';
    });
    await expect(work).resolves.toBe('answer');
    expect(await committedKeys()).toEqual(['kept']);
  });

  it('refuses a transaction within a transaction instead of waiting for ever', async () => {
    const nested = db.transaction(async () => {
      await db.transaction(() => Promise.resolve());
    });
    await expect(nested).rejects.toThrow('within a transaction');
    await expect(db.transaction(() => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('refuses a statement that comes after its work has ended', async () => {
    let leaked: Tx | undefined;
    await db.transaction((tx) => {
      leaked = tx;
      return Promise.resolve();
    });
    expect(() => leaked?.execute('DELETE FROM settings')).toThrow('has ended');
    expect(() => leaked?.query('SELECT 1', {})).toThrow('has ended');
  });

  it('settles a race by the number of rows a conditional update changed', async () => {
    await db.transaction((tx) => insert(tx, 'prize'));
    const claim = (tx: Tx, by: number) =>
      tx.update(SettingEntity, { key: `won-by-${by}` }, 'key = :key', { key: 'prize' });
    const changed = await Promise.all(Array.from({ length: 20 }, (_, i) => db.transaction((tx) => claim(tx, i))));
    expect(changed.filter((rows) => rows === 1)).toHaveLength(1);
    expect(changed.filter((rows) => rows === 0)).toHaveLength(19);
  });

  it('finishes what is under way before it closes', async () => {
    const work = db.transaction(async (tx) => {
      await nextTurn();
      await insert(tx, 'late');
    });
    const again = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    await db.close();
    await expect(work).resolves.toBeUndefined();
    db = again;
    expect(await committedKeys()).toEqual(['late']);
  });
});

describe('transactions side by side on PostgreSQL', () => {
  let store: TestDatabase;
  let db: Database;

  beforeEach(async () => {
    store = await createTestDatabase('postgres', '');
    db = await openDatabase({ database: store.config, backupDir: '' }, entities);
    await db.transaction(async (tx) => {
      for (const key of ['a', 'b']) await tx.insert(SettingEntity, aSetting(key));
    });
  });

  afterEach(async () => {
    await db.close();
    await store.drop();
  });

  /** Takes two rows in an order, the second once everybody has their first; says how often it was tried. */
  const takers = (orders: readonly (readonly [string, string])[]) => {
    const attempts: number[] = orders.map(() => 0);
    const { promise: allHaveOne, resolve } = Promise.withResolvers<undefined>();
    let have = 0;
    const take = ([first, second]: readonly [string, string], by: number, news: () => void) =>
      db.transaction(async (tx) => {
        attempts[by] = (attempts[by] ?? 0) + 1;
        tx.afterCommit(news);
        const visit = (key: string) => tx.update(SettingEntity, { updatedAt: new Date() }, 'key = :key', { key });
        await visit(first);
        if ((have += 1) === orders.length) resolve(undefined);
        await allHaveOne;
        await visit(second);
        return by;
      });
    return { attempts, take };
  };

  it('that wait for each other are both done: the one that is given up runs anew, and announces once', async () => {
    const orders = [
      ['a', 'b'],
      ['b', 'a'],
    ] as const;
    const { attempts, take } = takers(orders);
    const news: number[] = [];
    const done = await Promise.all(orders.map((order, by) => take(order, by, () => news.push(by))));
    expect(done).toEqual([0, 1]);
    expect(attempts.reduce((sum, count) => sum + count)).toBeGreaterThan(orders.length);
    expect(news.toSorted()).toEqual([0, 1]);
  });

  it('that never get through are given up after three attempts', async () => {
    let attempts = 0;
    const work = db.transaction(async (tx) => {
      attempts += 1;
      await tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`);
    });
    await expect(work).rejects.toThrow('conflict');
    expect(attempts).toBe(3);
  });
});

describe('group commit on SQLite', () => {
  const openSqlite = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-db-'));
    const store = await createTestDatabase('sqlite', folder);
    const db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    const close = async (): Promise<void> => {
      await db.close();
      rmSync(folder, { recursive: true });
    };
    return { db, file: store.config.file, close };
  };

  it('answers nobody before the one commit of the group', async () => {
    const { db, close } = await openSqlite();
    const answered: string[] = [];
    const first = db
      .transaction((tx) => tx.insert(SettingEntity, aSetting('first')))
      .then(() => answered.push('first'));
    const second = db.transaction(async (tx) => {
      await tx.insert(SettingEntity, aSetting('second'));
      await nextTurn();
      expect(answered).toEqual([]);
      expect(await db.count(SettingEntity, 'TRUE')).toBe(0);
    });
    await Promise.all([first, second]);
    expect(answered).toEqual(['first']);
    await close();
  });

  it('fails the whole group when SQLite ends the transaction by itself, and works on', async () => {
    const { db, close } = await openSqlite();
    const outcomes = await Promise.allSettled([
      db.transaction((tx) => tx.insert(SettingEntity, aSetting('before'))),
      db.transaction(async (tx) => {
        // What SQLite does on a full disk or an I/O error.
        await tx.execute('ROLLBACK');
        throw new Error('disk full');
      }),
      db.transaction((tx) => tx.insert(SettingEntity, aSetting('after'))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await db.count(SettingEntity, 'TRUE')).toBe(0);
    await db.transaction((tx) => tx.insert(SettingEntity, aSetting('next')));
    expect(await db.count(SettingEntity, 'TRUE')).toBe(1);
    await close();
  });

  it('refuses to change anything outside a transaction', async () => {
    const { db, close } = await openSqlite();
    await db.transaction((tx) => tx.insert(SettingEntity, aSetting('kept')));
    await expect(db.query('DELETE FROM settings', {})).rejects.toThrow('must not change any');
    await expect(db.query("DELETE FROM settings WHERE key = 'kept' RETURNING key", {})).rejects.toThrow();
    await expect(db.transaction((tx) => tx.query('DELETE FROM settings', {}))).rejects.toThrow('must not change any');
    expect(await db.query('SELECT key FROM settings', {})).toEqual([{ key: 'kept' }]);
    await close();
  });

  it('shares the file with another writer', async () => {
    const { db, file, close } = await openSqlite();
    const other = await openDatabase(
      { database: { kind: 'sqlite', file, url: '' }, backupDir: join(file, '..', 'backups') },
      entities,
    );
    const write = (one: Database, key: string) => one.transaction((tx) => tx.insert(SettingEntity, aSetting(key)));
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(i % 2 === 0 ? db : other, `key-${i}`)));
    expect(await db.count(SettingEntity, 'TRUE')).toBe(40);
    await other.close();
    await close();
  });
});
