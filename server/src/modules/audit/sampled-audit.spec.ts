import { Clock } from '../../common/clock.js';
import type { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import type { AuditRecord, UnknownActor } from './audit-record.js';
import type { AuditService } from './audit.service.js';
import { SampledAudit } from './sampled-audit.js';

class StoppedClock extends Clock {
  #at = 0;
  now = (): Date => new Date(this.#at);
  advance(seconds: number): void {
    this.#at += seconds * 1000;
  }
}

/** Collects what is recorded, without a database. */
const setUp = () => {
  const recorded: AuditRecord[] = [];
  const clock = new StoppedClock();
  const db = { transaction: <T>(work: (tx: Tx) => Promise<T>) => work({} as Tx) } as Database;
  const audit = { record: (_: Tx, record: AuditRecord) => Promise.resolve(void recorded.push(record)) };
  return { recorded, clock, sampled: new SampledAudit(db, audit as unknown as AuditService, clock) };
};

const aRefusal = (ipAddress: string | null): AuditRecord => ({
  actor: { kind: 'unknown-agent', origin: { ipAddress, userAgent: null } } satisfies UnknownActor,
  action: 'agent_token.rejected',
  target: { type: 'Agent', id: null },
  message: 'Refused.',
});

describe('SampledAudit', () => {
  it('opens a new minute with the first refusal after the last one ended', async () => {
    const { recorded, clock, sampled } = setUp();
    for (let second = 0; second < 180; second += 1) {
      await sampled.record(aRefusal('192.0.2.1'));
      clock.advance(1);
    }
    expect(recorded.map(({ metadata }) => metadata)).toEqual([
      { suppressedSinceLast: 0 },
      { suppressedSinceLast: 59 },
      { suppressedSinceLast: 59 },
    ]);
    expect(recorded.map(({ result }) => result)).toEqual(['FAILURE', 'FAILURE', 'FAILURE']);
  });

  it('remembers ten thousand sources and no more', async () => {
    const { recorded, sampled } = setUp();
    await sampled.record(aRefusal('first'));
    for (let source = 0; source < 9_999; source += 1) await sampled.record(aRefusal(`source-${source}`));
    await sampled.record(aRefusal('first'));
    expect(recorded).toHaveLength(10_000);
    await sampled.record(aRefusal('one too many'));
    await sampled.record(aRefusal('first'));
    expect(recorded).toHaveLength(10_002);
  });

  it('treats all unknown addresses as one source', async () => {
    const { recorded, sampled } = setUp();
    await sampled.record(aRefusal(null));
    await sampled.record(aRefusal(null));
    expect(recorded).toHaveLength(1);
  });

  it('treats the addresses of an IPv6 /64 as one source', async () => {
    const { recorded, sampled } = setUp();
    for (let host = 1; host <= 100; host += 1) await sampled.record(aRefusal(`2001:db8:1:2::${host}`));
    await sampled.record(aRefusal('2001:db8:1:3::1'));
    expect(recorded).toHaveLength(2);
  });
});
