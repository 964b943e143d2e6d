import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseKind } from '#contracts';
import { type TestDatabase, createTestDatabase } from '../../test/support/test-database.js';
import { entities } from '../entities.js';
import { SettingEntity } from '../modules/settings/setting.entity.js';
import { type Database, WriteStats } from './database.js';
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

  it('keeps every acknowledged row of overlapping transactions', async () => {
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

  it('runs queries on committed data in a worker', async () => {
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

  it('rolls back a failed transaction completely, and no other one', async () => {
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

  it('fails only the caller whose statement the database refuses', async () => {
    await db.transaction((tx) => insert(tx, 'taken'));
    const outcomes = await Promise.allSettled([
      db.transaction((tx) => insert(tx, 'before')),
      db.transaction((tx) => insert(tx, 'taken')),
      db.transaction((tx) => insert(tx, 'after')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await committedKeys()).toEqual(['after', 'before', 'taken']);
  });

  it('hides uncommitted rows from others, and shows them once the promise resolves', async () => {
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

  it('finds entities by columns, in the order of the condition', async () => {
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

  it('inserts a missing row, and replaces or keeps an existing one', async () => {
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

  it('resolves each caller with the value of its own work', async () => {
    const values = await Promise.all([1, 2, 3].map((value) => db.transaction(() => Promise.resolve(value))));
    expect(values).toEqual([1, 2, 3]);
  });

  it('runs callbacks after the commit and before the promise resolves, never after a rollback', async () => {
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

  it('resolves although a callback throws: the commit stands', async () => {
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

  it('refuses a nested transaction instead of waiting forever', async () => {
    const nested = db.transaction(async () => {
      await db.transaction(() => Promise.resolve());
    });
    await expect(nested).rejects.toThrow('within a transaction');
    await expect(db.transaction(() => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('refuses a statement after its work has ended', async () => {
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

  it('finishes running transactions before it closes', async () => {
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

describe('the statistics of writes', () => {
  it('count unfinished writes, and how long the oldest has waited', async () => {
    const stats = new WriteStats();
    expect([stats.waiting, stats.oldestWaitSeconds]).toEqual([0, 0]);
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = stats.track(() => promise);
    const second = stats.track(() => promise);
    expect(stats.waiting).toBe(2);
    expect(stats.oldestWaitSeconds).toBeGreaterThan(0);
    resolve('done');
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
    expect([stats.waiting, stats.oldestWaitSeconds]).toEqual([0, 0]);
  });

  it('include failed writes, and pass their errors on', async () => {
    const stats = new WriteStats();
    const seen: number[] = [];
    stats.observe({ onWrite: (seconds) => seen.push(seconds), onCommit: () => undefined });
    await expect(stats.track(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(seen).toEqual([expect.any(Number)]);
    expect(stats.waiting).toBe(0);
  });
});
