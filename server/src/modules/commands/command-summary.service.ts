import { Injectable } from '@nestjs/common';
import {
  type CommandBucket,
  type CommandDurations,
  type CommandErrorCount,
  CommandStatus,
  type CommandSummary,
  type CommandType,
  type Counts,
  type OperationalMetrics,
} from '#contracts';
import { Clock, secondsAfter } from '../../common/clock.js';
import { TimeBuckets } from '../../common/time-buckets.js';
import {
  type CommandFilter,
  CommandListsRepository,
  type BucketCount,
  type BucketDurations,
} from './command-lists.repository.js';

const DEFAULT_RANGE_SECONDS = 86_400;
const DURATION_SAMPLE = 1_000;
const TOP_ERRORS = 10;

/** The figures of {@link CommandSummaryService.outcomes}. */
export type CommandOutcomes = Pick<
  OperationalMetrics['operational'],
  | 'commandsDispatched'
  | 'commandsCompleted'
  | 'commandsFailed'
  | 'actionPrepareRequested'
  | 'actionPrepareTimeouts'
  | 'actionPrepareFailures'
>;

type MutableCounts = Record<CommandStatus, number>;

/** Figures about commands: outcomes and durations over time, and the operational ones of the dashboard. */
@Injectable()
export class CommandSummaryService {
  constructor(
    private readonly lists: CommandListsRepository,
    private readonly clock: Clock,
  ) {}

  /** Outcomes and durations by time of creation; `from` defaults to the day before `to`. */
  async summarize(filter: CommandFilter): Promise<CommandSummary> {
    // `to` is exclusive: one millisecond from now, so that a command created right now counts.
    const to = filter.to ?? this.clock.secondsFromNow(0.001);
    const from = filter.from ?? secondsAfter(to, -DEFAULT_RANGE_SECONDS);
    const buckets = new TimeBuckets(from, to);
    const bucketMs = buckets.seconds * 1_000;
    const [statuses, durations] = await Promise.all([
      this.lists.countByBucket({ ...filter, from, to }, bucketMs),
      this.lists.durationsByBucket({ ...filter, from, to }, bucketMs),
    ]);
    const histogram = histogramOf(buckets, statuses, durations);
    const counts = sumOf(histogram.map((bucket) => bucket.counts));
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      counts,
      bucketSeconds: buckets.seconds,
      histogram,
    };
  }

  /** How long the last 1,000 answered commands took. */
  async durations(): Promise<CommandDurations> {
    const sorted = (await this.lists.newestDurationsMs(DURATION_SAMPLE)).sort((a, b) => a - b);
    const sum = sorted.reduce((total, one) => total + one, 0);
    return {
      sampleSize: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      maxMs: sorted.at(-1) ?? null,
      meanMs: sorted.length === 0 ? null : Math.round(sum / sorted.length),
    };
  }

  /** The ten most frequent error codes, most frequent first. */
  topErrors(): Promise<CommandErrorCount[]> {
    return this.lists.topErrors(TOP_ERRORS);
  }

  /** What became of all commands, and of the prepares among them. */
  async outcomes(): Promise<CommandOutcomes> {
    const kinds = await this.lists.countByKind();
    const countOf = (status: CommandStatus, type?: CommandType): number =>
      sum(kinds.filter((kind) => kind.status === status && (!type || kind.type === type)).map(({ count }) => count));
    return {
      commandsDispatched: sum(kinds.map(({ taken }) => taken)),
      commandsCompleted: countOf('SUCCEEDED'),
      commandsFailed: countOf('FAILED'),
      actionPrepareRequested: sum(kinds.filter(({ type }) => type === 'ACTION_PREPARE').map(({ count }) => count)),
      actionPrepareTimeouts: countOf('EXPIRED', 'ACTION_PREPARE'),
      actionPrepareFailures: countOf('FAILED', 'ACTION_PREPARE'),
    };
  }

  /** Age of the oldest pending command; null when none is pending. */
  async oldestPendingSeconds(): Promise<number | null> {
    const oldest = await this.lists.oldestPendingAt();
    return oldest && Math.max(0, Math.round((this.clock.now().getTime() - oldest.getTime()) / 1000));
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The value at or below which `share` of the sorted values lie (nearest rank); null when there are none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

const histogramOf = (
  buckets: TimeBuckets,
  statuses: readonly BucketCount[],
  durations: readonly BucketDurations[],
): CommandBucket[] => {
  const indexOf = ({ bucket }: { readonly bucket: number | string }): number =>
    buckets.indexOf(Number(bucket) * buckets.seconds * 1_000);
  const counts = Array.from({ length: buckets.length }, noCounts);
  for (const row of statuses) {
    const bucket = counts[indexOf(row)];
    if (bucket) bucket[row.status] = Number(row.count);
  }
  const durationsAt = new Map(durations.map((row) => [indexOf(row), row]));
  return counts.map((bucket, index) => {
    const row = durationsAt.get(index);
    return {
      at: buckets.startOf(index),
      counts: bucket,
      answered: Number(row?.answered ?? 0),
      p50Ms: row ? Number(row.p50) : null,
      p95Ms: row ? Number(row.p95) : null,
    };
  });
};

const sumOf = (all: readonly Counts<CommandStatus>[]): Counts<CommandStatus> => {
  const sum = noCounts();
  for (const counts of all) for (const status of Object.values(CommandStatus)) sum[status] += counts[status];
  return sum;
};

const noCounts = (): MutableCounts => ({
  PENDING: 0,
  RUNNING: 0,
  SUCCEEDED: 0,
  FAILED: 0,
  EXPIRED: 0,
  CANCELLED: 0,
});
