import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { rateLimitKey } from '../../common/ip-address.js';
import { Database } from '../../database/database.js';
import { actorColumns, type AuditRecord } from './audit-record.js';
import { AuditService } from './audit.service.js';

const WINDOW_MS = 60_000;
/** Limits the memory that a hostile network can occupy; beyond it, the oldest window is dropped. */
const MAX_WINDOWS = 10_000;

interface Window {
  readonly startedAt: number;
  suppressed: number;
}

/**
 * Audits refusals, which a hostile caller can cause at will, at most once a minute per action and source; an IPv6 source
 * is a whole /64. The next event says how many were suppressed. Each replica samples on its own, which keeps the total
 * bounded.
 */
@Injectable()
export class SampledAudit {
  readonly #windows = new Map<string, Window>();

  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Records the refusal in a transaction of its own, or counts it as suppressed. */
  async record(refusal: AuditRecord): Promise<void> {
    const { actorId, ipAddress } = actorColumns(refusal.actor);
    const key = `${refusal.action} ${actorId ?? ''} ${rateLimitKey(ipAddress)}`;
    const now = this.clock.now().getTime();
    const open = this.#windows.get(key);
    if (open && now - open.startedAt < WINDOW_MS) {
      open.suppressed += 1;
      return;
    }
    this.#start(key, now);
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        ...refusal,
        result: 'FAILURE',
        metadata: { ...refusal.metadata, suppressedSinceLast: open?.suppressed ?? 0 },
      }),
    );
  }

  #start(key: string, now: number): void {
    this.#windows.delete(key);
    this.#windows.set(key, { startedAt: now, suppressed: 0 });
    const oldest = this.#windows.keys().next().value;
    if (this.#windows.size > MAX_WINDOWS && oldest !== undefined) this.#windows.delete(oldest);
  }
}
