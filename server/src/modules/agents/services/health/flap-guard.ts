import type { CapsuleServiceId, HealthStatus, LeftOutHealth } from '#contracts';
import { TokenBuckets } from '../../../../common/memory/token-buckets.js';

/** Ten transitions, then one in ten minutes. */
const LIMITS = { capacity: 10, perSecond: 1 / 600, maxKeys: 50_000 } as const;
const HOUR_MS = 3_600_000;

const NOTHING: LeftOutHealth = { changes: 0, upMs: 0, degradedMs: 0, downMs: 0 };

/** What a flapping service did since the last summary. */
export interface FlapSummary {
  readonly id: CapsuleServiceId;
  readonly changes: number;
  readonly recorded: number;
  readonly status: HealthStatus;
  /** Whether it has kept its status for an hour. */
  readonly isSettled: boolean;
}

/** A status that the history does not show yet. */
export interface LeftOutStatus {
  readonly id: CapsuleServiceId;
  readonly status: HealthStatus;
  readonly since: Date;
  /** What was left out before it. */
  readonly leftOut: LeftOutHealth;
}

interface Flapping {
  status: HealthStatus;
  since: number;
  /** Since the last stored transition; the present status is not in it yet. */
  leftOut: LeftOutHealth;
  changes: number;
  recorded: number;
  summarizedAt: number;
  /** Whether the history does not show the present status. */
  isPending: boolean;
}

const plus = (left: LeftOutHealth, status: HealthStatus, ms: number): LeftOutHealth => ({
  changes: left.changes,
  upMs: left.upMs + (status === 'UP' ? ms : 0),
  degradedMs: left.degradedMs + (status === 'DEGRADED' ? ms : 0),
  downMs: left.downMs + (status === 'DOWN' ? ms : 0),
});

/**
 * Bounds what the history and the audit keep of a service that changes its status all the time, and sums up what they do
 * not keep. In memory, per replica: a crash loses at most the sums of ten minutes.
 */
export class FlapGuard {
  readonly #buckets = new TokenBuckets(LIMITS);
  readonly #flapping = new Map<CapsuleServiceId, Flapping>();

  /** Whether a transition of the service may be stored now. */
  admits(id: CapsuleServiceId, now: Date): boolean {
    return this.#buckets.take(id, now) === 0;
  }

  /** What was left out since the last stored transition, up to `now`; null for nothing. */
  leftOut(id: CapsuleServiceId, now: Date): LeftOutHealth | null {
    const flapping = this.#flapping.get(id);
    if (!flapping?.isPending) return null;
    return plus(flapping.leftOut, flapping.status, Math.max(0, now.getTime() - flapping.since));
  }

  /** Notes a stored transition. */
  noteStored(id: CapsuleServiceId, status: HealthStatus, at: Date): void {
    const flapping = this.#flapping.get(id);
    if (!flapping) return;
    const { changes, recorded } = flapping;
    const present = { status, since: at.getTime(), leftOut: NOTHING, isPending: false };
    Object.assign(flapping, { ...present, changes: changes + 1, recorded: recorded + 1 });
  }

  /** Notes a transition that was not stored. */
  noteLeftOut(id: CapsuleServiceId, status: HealthStatus, at: Date): void {
    const known = this.#flapping.get(id);
    const since = at.getTime();
    const before = known?.isPending ? plus(known.leftOut, known.status, Math.max(0, since - known.since)) : NOTHING;
    this.#flapping.set(id, {
      status,
      since,
      leftOut: { ...before, changes: before.changes + 1 },
      // The first of them has an audit event of its own.
      changes: known ? known.changes + 1 : 0,
      recorded: known?.recorded ?? 0,
      summarizedAt: known?.summarizedAt ?? since,
      isPending: true,
    });
  }

  /** Whether the service is known to flap. */
  isFlapping(id: CapsuleServiceId): boolean {
    return this.#flapping.has(id);
  }

  /** The statuses that the history does not show and may show now; each takes the place of one transition. */
  takeDue(now: Date): readonly LeftOutStatus[] {
    return this.pending().filter(({ id }) => this.admits(id, now));
  }

  /** Every status that the history does not show. */
  pending(): readonly LeftOutStatus[] {
    return [...this.#flapping]
      .filter(([, { isPending }]) => isPending)
      .map(([id, { status, since, leftOut }]) => ({ id, status, since: new Date(since), leftOut }));
  }

  /** Notes that the history shows this status by now. */
  noteShown({ id, since }: LeftOutStatus): void {
    const flapping = this.#flapping.get(id);
    if (flapping?.since !== since.getTime()) return;
    Object.assign(flapping, { leftOut: NOTHING, isPending: false, recorded: flapping.recorded + 1 });
  }

  /** The hourly summaries that are due; a service that has settled is forgotten. */
  takeSummaries(now: Date): readonly FlapSummary[] {
    const summaries: FlapSummary[] = [];
    for (const [id, flapping] of this.#flapping) {
      const { changes, recorded, status, since, summarizedAt } = flapping;
      const isSettled = now.getTime() - since >= HOUR_MS;
      if (!isSettled && now.getTime() - summarizedAt < HOUR_MS) continue;
      summaries.push({ id, changes, recorded, status, isSettled });
      if (isSettled) this.#flapping.delete(id);
      else Object.assign(flapping, { changes: 0, recorded: 0, summarizedAt: now.getTime() });
    }
    return summaries;
  }
}
