import { Injectable } from '@nestjs/common';
import { type CommandBucket, CommandStatus, type CommandSummary, type Counts } from '#contracts';
import { Clock, secondsAfter } from '../../common/clock.js';
import { TimeBuckets } from '../../common/time-buckets.js';
import {
  type CommandFilter,
  CommandSummaryRepository,
  type StatusCount,
  type StretchDurations,
} from './command-lists.repository.js';

const DEFAULT_RANGE_SECONDS = 86_400;

type MutableCounts = Record<CommandStatus, number>;

const noCounts = (): MutableCounts => ({
  PENDING: 0,
  RUNNING: 0,
  SUCCEEDED: 0,
  FAILED: 0,
  EXPIRED: 0,
  CANCELLED: 0,
});

/** Says what became of commands, and how long they took, over time. */
@Injectable()
export class CommandSummaryService {
  constructor(
    private readonly commands: CommandSummaryRepository,
    private readonly clock: Clock,
  ) {}

  /** Of the last day, or the day before `to`, unless `from` says otherwise; by when the commands were created. */
  async summarize(filter: CommandFilter): Promise<CommandSummary> {
    // The millisecond that is not over yet counts, too.
    const to = filter.to ?? this.clock.secondsFromNow(0.001);
    const from = filter.from ?? secondsAfter(to, -DEFAULT_RANGE_SECONDS);
    const buckets = new TimeBuckets(from, to);
    const stretchMs = buckets.seconds * 1_000;
    const [statuses, durations] = await Promise.all([
      this.commands.countByStatus({ ...filter, from, to }, stretchMs),
      this.commands.durations({ ...filter, from, to }, stretchMs),
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
}

const histogramOf = (
  buckets: TimeBuckets,
  statuses: readonly StatusCount[],
  durations: readonly StretchDurations[],
): CommandBucket[] => {
  const indexOf = ({ stretch }: { readonly stretch: number | string }): number =>
    buckets.indexOf(Number(stretch) * buckets.seconds * 1_000);
  const counts = Array.from({ length: buckets.length }, noCounts);
  for (const row of statuses) {
    const bucket = counts[indexOf(row)];
    if (bucket) bucket[row.status] = Number(row.count);
  }
  const taken = new Map(durations.map((row) => [indexOf(row), row]));
  return counts.map((bucket, index) => {
    const row = taken.get(index);
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
