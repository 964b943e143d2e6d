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

  const suppressedOf = (recorded: readonly AuditRecord[]): readonly number[] =>
    recorded.map(({ metadata }) => (metadata as { suppressedSinceLast: number }).suppressedSinceLast);

  it('tells what was left out once the minute is over, and when the server stops', async () => {
    const { recorded, clock, sampled } = setUp();
    for (let i = 0; i < 60; i += 1) await sampled.record(aRefusal('192.0.2.1'));
    await sampled.closeEnded();
    expect(suppressedOf(recorded)).toEqual([0]);
    clock.advance(60);
    await sampled.closeEnded();
    await sampled.closeEnded();
    expect(recorded[1]).toMatchObject({ result: 'FAILURE', metadata: { suppressedSinceLast: 59, closing: true } });
    for (let i = 0; i < 5; i += 1) await sampled.record(aRefusal('192.0.2.1'));
    await sampled.beforeApplicationShutdown();
    expect(suppressedOf(recorded)).toEqual([0, 59, 0, 4]);
  });

  it('does not let a harmless refusal hide another one', async () => {
    const { recorded, sampled } = setUp();
    const denied = (reason: string, path: string): AuditRecord => ({
      ...aRefusal('192.0.2.1'),
      action: 'access.denied',
      metadata: { reason, method: 'POST', path },
    });
    await sampled.record(denied('CSRF', '/api/admin/auth/logout'));
    await sampled.record(denied('role', '/api/admin/users'));
    await sampled.record(denied('role', '/api/admin/backup/sqlite'));
    await sampled.record(denied('role', '/api/admin/users'));
    await sampled.record({ ...aRefusal('192.0.2.1'), target: { type: 'Agent', id: 'agt_1' } });
    expect(recorded).toHaveLength(4);
  });

  it('records a bounded number a minute, over all sources and for each, and counts the rest', async () => {
    const { recorded, clock, sampled } = setUp();
    const from = (source: number, path = '') => ({
      ...aRefusal(`192.0.${source >> 8}.${source & 255}`),
      metadata: { path },
    });
    for (let i = 0; i < 100; i += 1) await sampled.record(from(0, `/${i}`));
    expect(recorded).toHaveLength(11);
    for (let source = 1; source < 5_000; source += 1) await sampled.record(from(source));
    expect(recorded).toHaveLength(301);
    clock.advance(60);
    await sampled.closeEnded();
    const recordedOnes = recorded.filter(({ metadata }) => !('closing' in (metadata ?? {}))).length;
    expect(recordedOnes + suppressedOf(recorded).reduce((sum, count) => sum + count, 0)).toBe(5_099);
    for (let source = 1; source < 5_000; source += 1) await sampled.record(from(source));
    expect(recorded.length).toBeLessThan(303 + 302);
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
