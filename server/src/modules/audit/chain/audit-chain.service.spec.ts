import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aTestConfig } from '../../../../test/support/test-config.js';
import { SystemClock } from '../../../common/clock.js';
import type { Database } from '../../../database/database.js';
import { openDatabase } from '../../../database/open-database.js';
import type { Tx } from '../../../database/tx.js';
import { entities } from '../../../entities.js';
import { AuditEventEntity } from '../audit-event.entity.js';
import { AuditChainService, type Sealing } from './audit-chain.service.js';
import { ChainRepository } from './chain.repository.js';

const SEGMENTS = 3;
/** Far enough apart that no two events share a segment. */
const APART_MS = 2 * 3_600_000;

const anEvent = (number: number): AuditEventEntity => ({
  id: `aud_${String(number).padStart(26, '0')}`,
  actorType: 'SYSTEM',
  actorId: null,
  actorName: null,
  action: 'service.moved',
  targetType: 'CapsuleService',
  targetId: null,
  result: 'SUCCESS',
  message: 'It happened.',
  ipAddress: null,
  userAgent: null,
  metadata: {},
  createdAt: new Date(number * APART_MS),
  sealSequence: null,
});

/** Calls `rested` whenever a timer that `work` set fires. */
const watchRests = async <T>(work: () => Promise<T>, rested: () => void): Promise<T> => {
  const own = new AsyncLocalStorage<true>();
  const timers = new Set<number>();
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout' && own.getStore()) timers.add(id);
    },
    before: (id) => {
      if (timers.has(id)) rested();
    },
  }).enable();
  try {
    return await own.run(true, work);
  } finally {
    hook.disable();
  }
};

describe('AuditChainService', () => {
  let folder: string;
  let db: Database;
  let steps: string[];
  let chain: AuditChainService;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-chain-'));
    const database = { kind: 'sqlite', file: join(folder, 'opstage.db'), url: '' } as const;
    const config = aTestConfig({ dataDir: folder, database });
    db = await openDatabase(config, entities);
    await db.transaction(async (tx) => {
      for (let number = 0; number < SEGMENTS; number += 1) await tx.insert(AuditEventEntity, anEvent(number));
    });
    steps = [];
    const watched = {
      transaction: <T>(work: (tx: Tx) => Promise<T>) => {
        steps.push('segment');
        return db.transaction(work);
      },
    } as Database;
    const repository = new ChainRepository(db);
    chain = new AuditChainService(repository, watched, new SystemClock(), config);
  });

  afterEach(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });

  const seal = (sealing: Sealing): Promise<number> =>
    watchRests(
      () => chain.sealNew(sealing),
      () => steps.push('rest'),
    );

  it('pauses between segments', async () => {
    expect(await seal({})).toBe(SEGMENTS);
    expect(steps).toEqual(['segment', 'rest', 'segment', 'rest', 'segment']);
  });

  it('does not pause when a caller is waiting', async () => {
    expect(await seal({ isUrgent: true })).toBe(SEGMENTS);
    expect(steps).toEqual(['segment', 'segment', 'segment']);
  });
});
