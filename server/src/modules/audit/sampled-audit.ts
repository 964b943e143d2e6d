import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { rateLimitKey } from '../../common/ip-address.js';
import { Database } from '../../database/database.js';
import { type AuditActor, type AuditRecord, actorColumns, type UnknownActor } from './audit-record.js';
import { AuditService } from './audit.service.js';

const WINDOW_MS = 60_000;
const CHECK_MS = 5_000;
/** Different refusals of one source that are told apart; all others of it are counted together. */
const MAX_PER_SOURCE = 10;
/** Windows that are open at once, over all sources: what refusals write a minute, beside what it takes to close them. */
const MAX_WINDOWS = 300;
/** The key of the refusals beyond that, of all sources together. */
const REST = 'rest';

/** The refusals of one kind and source, for a minute from the first one. */
interface Window {
  readonly source: string;
  readonly first: AuditRecord;
  readonly startedAt: number;
  suppressed: number;
}

/** What tells one refusal of a caller from another, beside its action and target; callers choose some of it. */
interface Details {
  readonly reason?: unknown;
  readonly errorCode?: unknown;
  readonly method?: unknown;
  readonly path?: unknown;
}

const keyOf = ({ action, target, metadata = {} }: AuditRecord, source: string): string => {
  const { reason, errorCode, method, path } = metadata as Details;
  return JSON.stringify([source, action, target.type, target.id, reason, errorCode, method, path]);
};

const sourceOf = (actor: AuditActor): string => {
  const { actorId, ipAddress } = actorColumns(actor);
  return `${actorId ?? ''} ${rateLimitKey(ipAddress)}`;
};

const nobodyLike = ({ kind }: AuditActor): UnknownActor => ({
  kind: kind === 'agent' || kind === 'unknown-agent' ? 'unknown-agent' : 'unknown-user',
  origin: { ipAddress: null, userAgent: null },
});

/** Stands for refusals of many kinds or sources. */
const summaryOf = (refusal: AuditRecord, actor: AuditActor): AuditRecord => ({
  actor,
  action: refusal.action,
  target: { type: refusal.target.type, id: null },
  message: 'Too many different requests were refused to record each of them.',
  metadata: { reason: 'many' },
});

/**
 * Audits refusals, which a hostile caller can cause at will: each kind once a minute for each source, where an IPv6 source is a whole
 * /64, and no more than a bounded number a minute over all sources. How many were left out is told by the next event of the same kind,
 * or else by a closing event soon after the minute ends or when the server stops. Each replica samples on its own.
 */
@Injectable()
export class SampledAudit implements BeforeApplicationShutdown {
  readonly #logger = new Logger(SampledAudit.name);
  readonly #windows = new Map<string, Window>();
  readonly #perSource = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Records the refusal in a transaction of its own, or counts it as suppressed. */
  async record(refusal: AuditRecord): Promise<void> {
    const source = sourceOf(refusal.actor);
    const key = keyOf(refusal, source);
    if (this.#suppress(key)) return;
    const ended = this.#close(key);
    if (this.#windows.size >= MAX_WINDOWS) await this.#open(REST, REST, summaryOf(refusal, nobodyLike(refusal.actor)));
    else if ((this.#perSource.get(source) ?? 0) >= MAX_PER_SOURCE) {
      await this.#open(JSON.stringify([source, REST]), source, summaryOf(refusal, refusal.actor));
    } else await this.#open(key, source, refusal, ended?.suppressed);
  }

  /** Tells what was left out in each minute that is over. */
  async closeEnded(): Promise<void> {
    await this.#tellEnded((window) => !this.#isOpen(window));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#tellEnded(() => true);
  }

  async #tellEnded(isEnded: (window: Window) => boolean): Promise<void> {
    const ended = [...this.#windows].filter(([, window]) => isEnded(window));
    for (const [key] of ended) this.#close(key);
    const told = ended.map(([, window]) => window).filter(({ suppressed }) => suppressed > 0);
    if (told.length === 0) return;
    try {
      await this.db.transaction(async (tx) => {
        for (const { first, suppressed } of told) await this.audit.record(tx, closingOf(first, suppressed));
      });
    } catch (error) {
      this.#logger.error(error);
    }
  }

  /** Opens a window with this refusal, unless one is open: then the refusal is counted in it. */
  async #open(key: string, source: string, first: AuditRecord, suppressedSinceLast = 0): Promise<void> {
    if (this.#suppress(key)) return;
    const earlier = this.#close(key)?.suppressed ?? 0;
    this.#windows.set(key, { source, first, startedAt: this.clock.now().getTime(), suppressed: 0 });
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1);
    this.#timer ??= setInterval(() => void this.closeEnded(), CHECK_MS).unref();
    const metadata = { ...first.metadata, suppressedSinceLast: suppressedSinceLast + earlier };
    await this.db.transaction((tx) => this.audit.record(tx, { ...first, result: 'FAILURE', metadata }));
  }

  #suppress(key: string): boolean {
    const window = this.#windows.get(key);
    if (!window || !this.#isOpen(window)) return false;
    window.suppressed += 1;
    return true;
  }

  #isOpen({ startedAt }: Window): boolean {
    const age = this.clock.now().getTime() - startedAt;
    // A clock that was set back must not keep a window open for longer.
    return age >= 0 && age < WINDOW_MS;
  }

  /** Forgets a window and returns it. */
  #close(key: string): Window | null {
    const window = this.#windows.get(key);
    if (!window) return null;
    this.#windows.delete(key);
    const left = (this.#perSource.get(window.source) ?? 1) - 1;
    if (left === 0) this.#perSource.delete(window.source);
    else this.#perSource.set(window.source, left);
    if (this.#windows.size === 0 && this.#timer) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    return window;
  }
}

const closingOf = (first: AuditRecord, suppressed: number): AuditRecord => ({
  ...first,
  result: 'FAILURE',
  message: `${suppressed} more like the one before: ${first.message}`,
  metadata: { ...first.metadata, suppressedSinceLast: suppressed, closing: true },
});
