import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SYSTEM, type UserActor } from '../../common/actor.js';
import { type ClockJump, secondsAfter } from '../../common/clock.js';
import { GuardedClock, type JumpNews } from '../../common/guarded-clock.js';
import type { JobPhase } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { LeasesStore } from '../../database/leases/leases.store.js';
import { type AuditRecord, WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { StoredInstantsStore } from './stored-instants.store.js';

const CHECK_MS = 500;
/** The clocks of replicas, and of the server that used the database before, may differ by this much. */
const SKEW_SECONDS = 60;
const DAY_SECONDS = 86_400;
/** A clock this far ahead of the last sign of life would let retention delete much at once. A long weekend is shorter. */
const SUSPICIOUS_SECONDS = 4 * DAY_SECONDS;
const HISTORY_HOLD_SECONDS = DAY_SECONDS;
/** How long a start with a suspicious clock waits before it lets anything expire, and doubts what was stored. */
const SETTLE_SECONDS = 600;
/** The lease that keeps retention waiting, on every replica and across restarts. */
const HOLD_LEASE = 'history';

/** Why the clock is not fully trusted. */
interface Doubt {
  /** How far the clock is, or was, ahead (positive) or behind. */
  readonly byMs: number;
  /** By `elapsedMs` of the clock. */
  readonly until: number;
}

const inWords = (ms: number): string => {
  const hours = Math.abs(ms) / 3_600_000;
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return hours >= 2 ? `${Math.round(hours)} hours` : `${Math.max(1, Math.round(hours * 60))} minutes`;
};

const aheadOrBack = (byMs: number): string => (byMs > 0 ? 'ahead' : 'back');

/**
 * Watches the clock of the machine, and says which jobs must wait while it is in doubt: when it jumps, when the database
 * holds times that are still to come, and when it is far ahead of the last sign of life.
 */
@Injectable()
export class ClockWatch implements OnModuleInit {
  readonly #logger = new Logger(ClockWatch.name);
  /** Times were stored that are still to come. */
  #stored: Doubt | null = null;
  /** Retention waits: the clock moved far ahead. */
  #history: Doubt | null = null;
  /** Nothing expires yet: the clock was far ahead at the start. */
  #expiry: Doubt | null = null;

  constructor(
    private readonly clock: GuardedClock,
    private readonly stored: StoredInstantsStore,
    private readonly leases: LeasesStore,
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** Compares the clock with what the database knows about the time. */
  async onModuleInit(): Promise<void> {
    const now = this.clock.now();
    const { past, future } = await this.stored.findNewest(secondsAfter(now, SKEW_SECONDS));
    await this.#resumeHold(now);
    if (future) await this.#doubtStored(future, now);
    else if (past && secondsAfter(past, SUSPICIOUS_SECONDS) < now) await this.#doubtStart(past, now);
  }

  /** Notices pauses and jumps. */
  @Interval(CHECK_MS)
  check(): void {
    this.clock.check();
    this.#takeNews();
  }

  /** The phases whose jobs must not run now. */
  heldPhases(): readonly JobPhase[] {
    const doubt = this.#doubts();
    if (doubt.expiry) return ['expire', 'retention'];
    return (doubt.jump ?? doubt.stored ?? doubt.history) ? ['retention'] : [];
  }

  /** What to tell the operator; null while the clock is trusted. */
  concern(): string | null {
    const { jump, stored, history } = this.#doubts();
    if (jump) {
      return `The clock of the server's machine jumped ${aheadOrBack(jump.byMs)} by ${inWords(jump.byMs)}. The server goes on by its own time, and deletes nothing old, until the clock is right again, has agreed for ten minutes, or an owner confirms it.`;
    }
    if (stored) {
      return `The database holds times that are ${inWords(stored.byMs)} ahead: the clock of the server's machine was ahead, or is behind. Nothing old is deleted for ten minutes, or until an owner confirms the clock.`;
    }
    if (history) {
      return `The clock of the server's machine moved far ahead, by ${inWords(history.byMs)} or more. Nothing old is deleted for a day, or until an owner confirms the clock.`;
    }
    return null;
  }

  /** Trusts the clock of the machine as it is now, with everything that waited for that; false when it was trusted. */
  async confirm(actor: UserActor): Promise<boolean> {
    if (this.concern() === null) return false;
    this.clock.confirm();
    this.#takeNews();
    this.#stored = this.#history = this.#expiry = null;
    await this.db.transaction(async (tx) => {
      await this.leases.end(HOLD_LEASE, tx);
      await this.audit.record(tx, {
        actor,
        action: 'maintenance.clock.confirmed',
        target: WORKSPACE,
        message: `${actor.username} confirmed the clock of the server.`,
      });
    });
    return true;
  }

  /** What is in doubt now. */
  #doubts(): { readonly jump: ClockJump | null } & Readonly<Record<'stored' | 'history' | 'expiry', Doubt | null>> {
    // In this order: a jump that ends with this question may put history in doubt.
    const { jump } = this.clock;
    this.#takeNews();
    const open = (doubt: Doubt | null): Doubt | null => (doubt && doubt.until > this.clock.elapsedMs() ? doubt : null);
    return { jump, stored: open(this.#stored), history: open(this.#history), expiry: open(this.#expiry) };
  }

  #doubt(byMs: number, seconds: number): Doubt {
    return { byMs, until: this.clock.elapsedMs() + seconds * 1_000 };
  }

  #takeNews(): void {
    for (const news of this.clock.takeNews()) {
      const isFarAhead = news.end === 'settled' && news.jump.byMs > SUSPICIOUS_SECONDS * 1_000;
      if (isFarAhead) this.#history = this.#doubt(news.jump.byMs, HISTORY_HOLD_SECONDS);
      void this.#record(news, isFarAhead);
    }
  }

  async #record(news: JumpNews, isFarAhead: boolean): Promise<void> {
    const { byMs } = news.jump;
    this.#logger.warn({ byMs, end: news.end }, news.end ? 'The clock is trusted again.' : 'The clock jumped.');
    if (isFarAhead) await this.#try(() => this.#hold());
    const action = news.end ? 'system.clock.settled' : 'system.clock.jumped';
    const message = news.end
      ? `The clock of the server, which had jumped by ${inWords(byMs)}, is trusted again.`
      : `The clock of the server jumped ${aheadOrBack(byMs)} by ${inWords(byMs)}.`;
    await this.#try(() =>
      this.#auditEvent({ action, message, metadata: { byMs, ...(news.end && { end: news.end }) } }),
    );
  }

  async #doubtStored(future: Date, now: Date): Promise<void> {
    const byMs = future.getTime() - now.getTime();
    this.#stored = this.#doubt(byMs, SETTLE_SECONDS);
    this.clock.expectCatchUp(future);
    const message = `The database holds times ${inWords(byMs)} from now: the clock was ahead, or is behind.`;
    await this.#try(() => this.#auditEvent({ action: 'system.clock.jumped', message, metadata: { byMs: -byMs } }));
  }

  async #doubtStart(past: Date, now: Date): Promise<void> {
    const byMs = now.getTime() - past.getTime();
    this.#history = this.#doubt(byMs, HISTORY_HOLD_SECONDS);
    this.#expiry = this.#doubt(byMs, SETTLE_SECONDS);
    await this.#try(() => this.#hold());
    const message = `The clock is ${inWords(byMs)} ahead of the last sign of life in the database.`;
    await this.#try(() => this.#auditEvent({ action: 'system.clock.jumped', message, metadata: { byMs } }));
  }

  /** A restart, which makes the clock look right, must not end the wait. */
  #hold(): Promise<void> {
    return this.leases.mark(HOLD_LEASE, HISTORY_HOLD_SECONDS);
  }

  async #resumeHold(now: Date): Promise<void> {
    const hold = await this.leases.find(HOLD_LEASE);
    const leftSeconds = hold ? (hold.expiresAt.getTime() - now.getTime()) / 1_000 : 0;
    // One that lasts longer than it may was made by a clock that was ahead.
    if (leftSeconds <= 0 || leftSeconds > HISTORY_HOLD_SECONDS) return;
    this.#history = this.#doubt(SUSPICIOUS_SECONDS * 1_000, leftSeconds);
  }

  #auditEvent(event: Pick<AuditRecord, 'action' | 'message' | 'metadata'>): Promise<void> {
    return this.db.transaction((tx) => this.audit.record(tx, { actor: SYSTEM, target: WORKSPACE, ...event }));
  }

  /** What cannot be stored is logged, and said by the health all the same. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error(error);
    }
  }
}
