import type { AuditBucket, AuditFacet, AuditSummary } from '#contracts';
import { TimeBuckets } from '../../../common/time-buckets.js';
import type { AuditEventProjection } from '../audit.repository.js';

/** Counts events over time. */
export class Histogram {
  readonly #buckets: TimeBuckets;
  readonly #counts: { count: number; failures: number }[];

  constructor(from: Date, to: Date) {
    this.#buckets = new TimeBuckets(from, to);
    this.#counts = Array.from({ length: this.#buckets.length }, () => ({ count: 0, failures: 0 }));
  }

  get bucketSeconds(): number {
    return this.#buckets.seconds;
  }

  /** Counts an event; events outside the range are ignored. */
  add(milliseconds: number, isFailure: boolean): void {
    const bucket = this.#counts[this.#buckets.indexOf(milliseconds)];
    if (!bucket) return;
    bucket.count += 1;
    if (isFailure) bucket.failures += 1;
  }

  /** Every bucket of the range, in order. */
  buckets(): readonly AuditBucket[] {
    return this.#counts.map((counts, index) => ({ at: this.#buckets.startOf(index), ...counts }));
  }
}

const MAX_KEYS = 10_000;

interface Counted<T> {
  readonly first: T;
  count: number;
}

/**
 * Counts keys in bounded memory: with too many keys, the rarest half is dropped. Frequent keys stay, though their counts
 * may come out too low.
 */
export class TopK<T> {
  #counts = new Map<string, Counted<T>>();

  constructor(private readonly keyOf: (value: T) => string) {}

  /** Counts a value under its key. */
  add(value: T): void {
    const key = this.keyOf(value);
    const counted = this.#counts.get(key);
    if (counted) counted.count += 1;
    else this.#counts.set(key, { first: value, count: 1 });
    if (this.#counts.size > MAX_KEYS) this.#counts = new Map(this.#ranked().slice(0, MAX_KEYS / 2));
  }

  /** The most frequent keys first, each with the first value that had the key. */
  top(limit: number): readonly Counted<T>[] {
    return this.#ranked()
      .slice(0, limit)
      .map(([, counted]) => counted);
  }

  #ranked(): [string, Counted<T>][] {
    return [...this.#counts].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  }
}

const TOP = 10;
const ALL = 1_000;

type Projection = AuditEventProjection;

/** The counts over the events of one range. */
export class SummaryCounts {
  total = 0;
  readonly #histogram: Histogram;
  readonly #actions = new TopK<Projection['action']>((action) => action);
  readonly #actorTypes = new TopK<Projection['actorType']>((type) => type);
  readonly #targetTypes = new TopK<Projection['targetType']>((type) => type);
  readonly #results = new TopK<Projection['result']>((result) => result);
  readonly #actors = new TopK<Projection>(({ actorType, actorId }) => `${actorType} ${actorId ?? ''}`);
  readonly #targets = new TopK<Projection>(({ targetType, targetId }) => `${targetType} ${targetId ?? ''}`);

  constructor(
    private readonly from: Date,
    private readonly to: Date,
  ) {
    this.#histogram = new Histogram(from, to);
  }

  /** Counts an event. Add the newest first: actors are named as in the first event added. */
  add(event: Projection): void {
    this.total += 1;
    this.#histogram.add(Number(event.createdAt), event.result === 'FAILURE');
    this.#actions.add(event.action);
    this.#actorTypes.add(event.actorType);
    this.#targetTypes.add(event.targetType);
    this.#results.add(event.result);
    this.#actors.add(event);
    this.#targets.add(event);
  }

  /** The summary of all events added so far. */
  summary(coveredFrom: Date): AuditSummary {
    return {
      from: this.from.toISOString(),
      to: this.to.toISOString(),
      coveredFrom: coveredFrom.toISOString(),
      total: this.total,
      bucketSeconds: this.#histogram.bucketSeconds,
      histogram: this.#histogram.buckets(),
      actions: facets(this.#actions),
      actorTypes: facets(this.#actorTypes),
      targetTypes: facets(this.#targetTypes),
      results: facets(this.#results),
      actors: this.#actors.top(TOP).map(({ first: { actorType, actorId, actorName }, count }) => {
        return { actorType, actorId, actorName, count };
      }),
      targets: this.#targets.top(TOP).map(({ first: { targetType, targetId }, count }) => {
        return { targetType, targetId, count };
      }),
    };
  }
}

const facets = <V extends string>(counter: TopK<V>): AuditFacet<V>[] =>
  counter.top(ALL).map(({ first, count }) => ({ value: first, count }));
