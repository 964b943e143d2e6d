import type { CommandStatus } from './enums.js';
import type { Instant } from './ids.js';
import type { Counts } from './system.js';

/** The commands that were created in a stretch of time. */
export interface CommandBucket {
  readonly at: Instant;
  /** By what became of them so far. */
  readonly counts: Counts<CommandStatus>;
  /** How many of them an agent answered: the durations are theirs, from taken to answered. */
  readonly answered: number;
  /** Null when none was answered, as is the next. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** What became of the commands of a range of time, and how long they took: `GET /api/admin/commands/summary`. */
export interface CommandSummary {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
  readonly total: number;
  readonly counts: Counts<CommandStatus>;
  readonly bucketSeconds: number;
  /** The whole range, oldest first, empty stretches too. */
  readonly histogram: readonly CommandBucket[];
}
