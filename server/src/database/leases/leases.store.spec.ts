import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseKind } from '#contracts';
import { eventually } from '#testing';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';
import { LeasesStore } from './leases.store.js';

const name = 'sweeps';
const EXTEND_MS = 20_000;

/** All timers but intervals: the databases need real time. */
const REAL = ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setTimeout'] as const;

describe.each<DatabaseKind>(['sqlite', 'postgres'])('a lease on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  const databases: Database[] = [];
  const clock = new FakeClock();
  clock.stop();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-leases-'));
    store = await createTestDatabase(kind, folder);
  });

  afterEach(async () => {
    jest.useRealTimers();
    for (const db of databases.splice(0)) await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  /** The leases of a process that shares only the database with the others. */
  const aReplica = async (): Promise<LeasesStore> => {
    const db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    databases.push(db);
    return new LeasesStore(db, clock);
  };

  /** Holds the lease until `release` is called. */
  const holdIt = async (leases: LeasesStore) => {
    const { promise: isHeld, resolve: holding } = Promise.withResolvers<undefined>();
    const { promise: end, resolve: release } = Promise.withResolvers<undefined>();
    const done = leases.withLease({ name, notTakenSince: clock.now() }, async () => {
      holding(undefined);
      await end;
      return 'held';
    });
    await isHeld;
    return {
      done,
      release: (): void => {
        release(undefined);
      },
    };
  };

  const tryIt = (leases: LeasesStore, notTakenSince = clock.now()): Promise<string | null> =>
    leases.withLease({ name, notTakenSince }, () => Promise.resolve('done'));

  it('belongs to one replica at a time, and is free once released', async () => {
    const [one, two] = [await aReplica(), await aReplica()];
    const { done, release } = await holdIt(one);
    expect(await tryIt(two)).toBeNull();
    expect(await tryIt(one)).toBeNull();
    release();
    expect(await done).toBe('held');
    expect(await tryIt(two)).toBe('done');
  });

  it('goes to one of several concurrent requests', async () => {
    const replicas = [await aReplica(), await aReplica(), await aReplica()];
    const { promise: end, resolve } = Promise.withResolvers<undefined>();
    let refused = 0;
    const requestOne = async (leases: LeasesStore): Promise<string | null> => {
      const mine = await leases.withLease({ name, notTakenSince: clock.now() }, async () => {
        await end;
        return 'mine';
      });
      if (mine === null) refused += 1;
      return mine;
    };
    const asked = [...replicas, ...replicas].map(requestOne);
    // Before its holder releases it.
    await eventually('all others are refused', () => refused === asked.length - 1);
    resolve(undefined);
    expect((await Promise.all(asked)).filter((mine) => mine !== null)).toEqual(['mine']);
  });

  it('is released when the work fails', async () => {
    const leases = await aReplica();
    const failing = leases.withLease({ name, notTakenSince: clock.now() }, () => Promise.reject(new Error('no table')));
    await expect(failing).rejects.toThrow('no table');
    expect(await tryIt(leases)).toBe('done');
  });

  it('can be taken from a dead holder once it has expired', async () => {
    const [dead, heir] = [await aReplica(), await aReplica()];
    const { done, release } = await holdIt(dead);
    clock.advance(59);
    expect(await tryIt(heir)).toBeNull();
    clock.advance(1);
    expect(await tryIt(heir)).toBe('done');
    release();
    await done;
  });

  it('is not released by a holder that lost it', async () => {
    const [slow, heir] = [await aReplica(), await aReplica()];
    const lost = await holdIt(slow);
    clock.advance(60);
    const kept = await holdIt(heir);
    lost.release();
    await lost.done;
    expect(await tryIt(slow)).toBeNull();
    kept.release();
    await kept.done;
  });

  it('is held for as long as the work takes', async () => {
    const [busy, other] = [await aReplica(), await aReplica()];
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const { done, release } = await holdIt(busy);
    for (let i = 0; i < 6; i += 1) {
      clock.advance(EXTEND_MS / 1000);
      jest.advanceTimersByTime(EXTEND_MS);
      // The extension runs on the same queue or pool before this request, at the latest with the next round.
      expect(await tryIt(other)).toBeNull();
    }
    release();
    await done;
    expect(await tryIt(other)).toBe('done');
  });

  it('is refused when another replica had it too recently', async () => {
    const [one, two] = [await aReplica(), await aReplica()];
    const before = clock.now();
    clock.advance(10);
    expect(await tryIt(one, before)).toBe('done');
    clock.advance(10);
    expect(await tryIt(two, before)).toBeNull();
    expect(await tryIt(two)).toBe('done');
  });
});
