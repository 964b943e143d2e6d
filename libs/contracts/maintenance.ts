import type { Instant } from './ids.js';

export const JOB_RESULTS = ['SUCCEEDED', 'FAILED'] as const;
export type JobResult = (typeof JOB_RESULTS)[number];

/** One sweep and how it last went, on whichever replica that was: `GET /api/admin/maintenance/jobs`. */
export interface MaintenanceJobStatus {
  /** A stable name, such as `audit` or `backups`. */
  readonly id: string;
  /** One plain sentence. */
  readonly description: string;
  /** When the last run that ended, or that is going on, began; null before the first. */
  readonly lastRunAt: Instant | null;
  /** How the last run that ended went; null before the first. */
  readonly lastResult: JobResult | null;
  /** Why it failed, or that something is left for the next run; null when there is nothing to say. */
  readonly lastMessage: string | null;
  readonly lastDurationMs: number | null;
  /** How much it did: rows, events, bytes or backups, as the description says. */
  readonly lastCount: number | null;
  /** When it is due next; null while the scheduled maintenance is off. One that is past is done with the next look, within seconds. */
  readonly nextRunAt: Instant | null;
  readonly running: boolean;
}
