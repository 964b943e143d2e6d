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
import { Leases, LeasesRepository } from './leases.store.js';

const name = 'sweeps';
const EXTEND_MS = 20_000;

/** All but intervals: the databases go on by themselves. */
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

  /** The leases as a process has them that shares nothing with another but the database. */
  const aReplica = async (): Promise<Leases> => {
    const db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    databases.push(db);
    return new Leases(new LeasesRepository(db), clock);
  };

  /** Holds the lease from when this resolves until `giveBack` is called. */
  const holdIt = async (leases: Leases) => {
    const { promise: isHeld, resolve: holding } = Promise.withResolvers<undefined>();
    const { promise: end, resolve: giveBack } = Promise.withResolvers<undefined>();
    const done = leases.withLease({ name, notTakenSince: clock.now() }, async () => {
      holding(undefined);
      await end;
      return 'held';
    });
    await isHeld;
    return {
      done,
      giveBack: (): void => {
        giveBack(undefined);
      },
    };
  };

  const tryIt = (leases: Leases, notTakenSince = clock.now()): Promise<string | null> =>
    leases.withLease({ name, notTakenSince }, () => Promise.resolve('done'));

  it('is one replica’s at a time, and the next one’s when it is given back', async () => {
    const [one, two] = [await aReplica(), await aReplica()];
    const { done, giveBack } = await holdIt(one);
    expect(await tryIt(two)).toBeNull();
    expect(await tryIt(one)).toBeNull();
    giveBack();
    expect(await done).toBe('held');
    expect(await tryIt(two)).toBe('done');
  });

  it('goes to one of all that ask at once', async () => {
    const replicas = [await aReplica(), await aReplica(), await aReplica()];
    const { promise: end, resolve } = Promise.withResolvers<undefined>();
    let refused = 0;
    const askOne = async (leases: Leases): Promise<string | null> => {
      const mine = await leases.withLease({ name, notTakenSince: clock.now() }, async () => {
        await end;
        return 'mine';
      });
      if (mine === null) refused += 1;
      return mine;
    };
    const asked = [...replicas, ...replicas].map(askOne);
    // All others know it while the one that got it still holds it.
    await eventually('all others are refused', () => refused === asked.length - 1);
    resolve(undefined);
    expect((await Promise.all(asked)).filter((mine) => mine !== null)).toEqual(['mine']);
  });

  it('is given back when the work fails', async () => {
    const leases = await aReplica();
    const failing = leases.withLease({ name, notTakenSince: clock.now() }, () => Promise.reject(new Error('no table')));
    await expect(failing).rejects.toThrow('no table');
    expect(await tryIt(leases)).toBe('done');
  });

  it('of a holder that died is taken over once it has expired', async () => {
    const [dead, heir] = [await aReplica(), await aReplica()];
    const { done, giveBack } = await holdIt(dead);
    clock.advance(59);
    expect(await tryIt(heir)).toBeNull();
    clock.advance(1);
    expect(await tryIt(heir)).toBe('done');
    giveBack();
    await done;
  });

  it('that was taken over is not given back by who lost it', async () => {
    const [slow, heir] = [await aReplica(), await aReplica()];
    const lost = await holdIt(slow);
    clock.advance(60);
    const kept = await holdIt(heir);
    lost.giveBack();
    await lost.done;
    expect(await tryIt(slow)).toBeNull();
    kept.giveBack();
    await kept.done;
  });

  it('is kept for as long as the work takes', async () => {
    const [busy, other] = [await aReplica(), await aReplica()];
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const { done, giveBack } = await holdIt(busy);
    for (let i = 0; i < 6; i += 1) {
      clock.advance(EXTEND_MS / 1000);
      jest.advanceTimersByTime(EXTEND_MS);
      // It is extended on the same queue or pool before this one asks, or at the latest with the next round.
      expect(await tryIt(other)).toBeNull();
    }
    giveBack();
    await done;
    expect(await tryIt(other)).toBe('done');
  });

  it('is not for who comes too soon after another', async () => {
    const [one, two] = [await aReplica(), await aReplica()];
    const before = clock.now();
    clock.advance(10);
    expect(await tryIt(one, before)).toBe('done');
    clock.advance(10);
    expect(await tryIt(two, before)).toBeNull();
    expect(await tryIt(two)).toBe('done');
  });
});
