import { Client } from 'pg';
import { eventually } from '#testing';
import { TcpRelay } from '../../../test/support/tcp-relay.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { SettingEntity } from '../../modules/settings/setting.entity.js';
import type { Database } from '../database.js';
import { fromDatabaseError } from '../errors.js';
import { openDatabase } from '../open-database.js';
import { openLimitedPostgres, PostgresDatabase } from './postgres-database.js';

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

describe('a PostgreSQL that is away', () => {
  let store: TestDatabase;

  beforeEach(async () => {
    store = await createTestDatabase('postgres', '');
    await (await openDatabase({ database: store.config, backupDir: '' }, entities)).close();
  });
  afterEach(async () => {
    await store.drop();
  });

  /** The code of the answer that a request gets for it. */
  const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
    work.then(
      () => 'done',
      (error: unknown) => fromDatabaseError(error)?.code ?? String(error),
    );

  it('keeps no request longer than the limit when it falls silent, and serves the next once it is back', async () => {
    const relay = await TcpRelay.open(store.config.url);
    const db = new PostgresDatabase(await openLimitedPostgres(relay.url, entities, 100));
    await Promise.all(Array.from({ length: 20 }, () => db.query('SELECT pg_sleep(0.05)')));
    relay.fallSilent();
    const hanging = Array.from({ length: 25 }, () => codeOf(db.transaction((tx) => tx.query('SELECT 1', {}))));
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(['DATABASE_UNAVAILABLE']));
    relay.heal();
    await eventually(async () => {
      expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
    await db.close();
    await relay.close();
  });

  it('ends a statement that takes longer than the limit, and keeps the connection', async () => {
    const db = new PostgresDatabase(await openLimitedPostgres(store.config.url, entities, 100));
    expect(await codeOf(db.query('SELECT pg_sleep(20)'))).toBe('DATABASE_UNAVAILABLE');
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await db.close();
  });

  it.each([
    ['between two statements', true],
    ['before its commit', false],
  ])('fails a transaction as unavailable whose connection ends %s', async (_, hasAnother) => {
    const db = new PostgresDatabase(await openLimitedPostgres(store.config.url, entities));
    const admin = new Client({ connectionString: store.config.url });
    await admin.connect();
    const work = db.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', {});
      await admin.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      await eventually('the backend has ended', async () => {
        const { rowCount } = await admin.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [own?.pid]);
        return rowCount === 0;
      });
      if (hasAnother) await tx.query('SELECT 1', {});
    });
    expect(await codeOf(work)).toBe('DATABASE_UNAVAILABLE');
    await admin.end();
    await db.close();
  });
});
