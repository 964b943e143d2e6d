import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { SettingEntity } from '../../modules/settings/setting.entity.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';

let made = 0;
const aSetting = (key: string): SettingEntity => ({
  id: `set_${String((made += 1)).padStart(26, '0')}`,
  key,
  value: {},
  updatedAt: new Date(),
});

describe('concurrent transactions on PostgreSQL', () => {
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

  /** Locks two rows in the given order, the second once every worker has its first; returns how often it ran. */
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

  it('both complete after a deadlock: the aborted one runs again, and its callback runs once', async () => {
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

  it('fail after three attempts', async () => {
    let attempts = 0;
    const work = db.transaction(async (tx) => {
      attempts += 1;
      await tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`);
    });
    await expect(work).rejects.toThrow('conflict');
    expect(attempts).toBe(3);
  });
});
