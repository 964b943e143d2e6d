import type { CommandStatus } from './enums.js';
import type { Instant } from './ids.js';
import type { Counts } from './system.js';

/** The commands created in an interval. */
export interface CommandBucket {
  readonly at: Instant;
  /** By their current status. */
  readonly counts: Counts<CommandStatus>;
  /** Number of commands with a result from an agent; the durations cover these, from dispatch to result. */
  readonly answered: number;
  /** Null without a result, like the next. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Outcomes and durations of the commands in a time range: `GET /api/admin/commands/summary`. */
export interface CommandSummary {
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  readonly total: number;
  readonly counts: Counts<CommandStatus>;
  readonly bucketSeconds: number;
  /** Covers the whole range, oldest first, including empty intervals. */
  readonly histogram: readonly CommandBucket[];
}
