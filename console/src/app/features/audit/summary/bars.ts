import type { AuditSummary } from '#contracts';
import type { TimeRange } from './time-range';

/** One bar: an interval and its counts. */
export interface Bar extends TimeRange {
  readonly count: number;
  readonly failures: number;
}

/** The first and last picked bar, both included, in the order of picking. */
export interface Pick {
  readonly anchor: number;
  readonly head: number;
}

/** The bars of a summary; the first and last end with its range, so that narrowing never widens it. */
export const barsOf = ({ histogram, bucketSeconds, from, to }: AuditSummary): readonly Bar[] =>
  histogram.map(({ at, count, failures }) => {
    const end = new Date(Date.parse(at) + bucketSeconds * 1_000).toISOString();
    return { from: at < from ? from : at, to: end > to ? to : end, count, failures };
  });

export const isWithin = (index: number, { anchor, head }: Pick): boolean =>
  index >= Math.min(anchor, head) && index <= Math.max(anchor, head);

/** The picked bars as one; null when there is no pick. */
export const sumOf = (bars: readonly Bar[], pick: Pick | null): Bar | null => {
  const picked = pick === null ? bars : bars.filter((_, index) => isWithin(index, pick));
  const [first, last] = [picked.at(0), picked.at(-1)];
  if (!first || !last) return null;
  return {
    from: first.from,
    to: last.to,
    count: picked.reduce((sum, { count }) => sum + count, 0),
    failures: picked.reduce((sum, { failures }) => sum + failures, 0),
  };
};

/** The pick after a key; undefined for other keys. `length` is the number of bars. */
export const pickAfter = (pick: Pick | null, { key, shiftKey }: KeyboardEvent, length: number): Pick | undefined => {
  const last = length - 1;
  const targets: Partial<Record<string, number>> = {
    ArrowLeft: pick === null ? last : pick.head - 1,
    ArrowRight: pick === null ? 0 : pick.head + 1,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  if (target === undefined || length === 0) return undefined;
  const head = Math.min(last, Math.max(0, target));
  return { anchor: shiftKey && pick !== null ? pick.anchor : head, head };
};
