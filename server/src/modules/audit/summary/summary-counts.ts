import type { AuditFacet, AuditSummary } from '#contracts';
import type { AuditEventOutline } from '../audit.repository.js';
import { Histogram } from './histogram.js';
import { TopCounter } from './top-counter.js';

const TOP = 10;
const ALL = 1_000;

type Outline = AuditEventOutline;

/** What is counted of the events of one range. */
export class SummaryCounts {
  total = 0;
  readonly #histogram: Histogram;
  readonly #actions = new TopCounter<Outline['action']>((action) => action);
  readonly #actorTypes = new TopCounter<Outline['actorType']>((type) => type);
  readonly #targetTypes = new TopCounter<Outline['targetType']>((type) => type);
  readonly #results = new TopCounter<Outline['result']>((result) => result);
  readonly #actors = new TopCounter<Outline>(({ actorType, actorId }) => `${actorType} ${actorId ?? ''}`);
  readonly #targets = new TopCounter<Outline>(({ targetType, targetId }) => `${targetType} ${targetId ?? ''}`);

  constructor(
    private readonly from: Date,
    private readonly to: Date,
  ) {
    this.#histogram = new Histogram(from, to);
  }

  /** Takes an event within the range; newest first, so that an actor is named as last known. */
  add(event: Outline): void {
    this.total += 1;
    this.#histogram.add(Number(event.createdAt), event.result === 'FAILURE');
    this.#actions.add(event.action);
    this.#actorTypes.add(event.actorType);
    this.#targetTypes.add(event.targetType);
    this.#results.add(event.result);
    this.#actors.add(event);
    this.#targets.add(event);
  }

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

const facets = <V extends string>(counter: TopCounter<V>): AuditFacet<V>[] =>
  counter.top(ALL).map(({ first, count }) => ({ value: first, count }));
