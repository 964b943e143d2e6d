import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AuditSummary } from '#contracts';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { canonicalJson } from '../../../common/crypto/hashes.js';
import type { Position } from '../../../database/lists/keyset.js';
import { type AuditFilter, AuditRepository, describeFilter } from '../audit.repository.js';
import { SummaryCounts } from './summary-counts.js';

const DEFAULT_RANGE_SECONDS = 86_400;
/** Events counted at a time, in a few milliseconds. */
const SLICE = 500;
/** Older events beyond this many are not counted. */
const MAX_EVENTS = 1_000_000;

interface SummaryFilter extends AuditFilter {
  /** Starts at the first matching event unless `from` is given. */
  readonly all?: boolean;
}

/** Counts audit events over time and by their fields. */
@Injectable()
export class AuditSummaryService {
  readonly #running = new Map<string, Promise<AuditSummary>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly events: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts matching events; by default those of the day before `to` or now. One summary runs at a time. */
  summarize(filter: SummaryFilter): Promise<AuditSummary> {
    const key = canonicalJson({ ...describeFilter(filter), all: filter.all === true });
    const running = this.#running.get(key);
    if (running) return running;
    const next = this.#last
      .then(() => this.#count(filter))
      .finally(() => {
        this.#running.delete(key);
      });
    this.#running.set(key, next);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #count({ all = false, ...filter }: SummaryFilter): Promise<AuditSummary> {
    // Includes the current millisecond.
    const to = filter.to ?? this.clock.secondsFromNow(0.001);
    const first = all && !filter.from ? await this.events.firstAt({ ...filter, to }) : null;
    const from = filter.from ?? first ?? secondsAfter(to, -DEFAULT_RANGE_SECONDS);
    const counts = new SummaryCounts(from, to);
    let position: Position | null = null;
    while (counts.total < MAX_EVENTS) {
      const slice = await this.events.projections({ ...filter, from, to }, position, SLICE);
      for (const event of slice) counts.add(event);
      const last = slice.at(-1);
      if (!last || slice.length < SLICE) return counts.summary(from);
      position = { at: new Date(Number(last.createdAt)), id: last.id };
      await nextTurn();
    }
    return counts.summary(position?.at ?? from);
  }
}
