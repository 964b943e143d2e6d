import type { Instant } from './ids.js';

export const JOB_RESULTS = ['SUCCEEDED', 'FAILED'] as const;
export type JobResult = (typeof JOB_RESULTS)[number];

/** Whether a confirmation of the server's clock changed anything: `POST /api/admin/maintenance/clock/confirm`. */
export interface ClockConfirmation {
  /** False when the clock was trusted already. */
  readonly wasInDoubt: boolean;
}

/** A maintenance job and its last outcome on any replica: `GET /api/admin/maintenance/jobs`. */
export interface MaintenanceJobStatus {
  /** A stable name, such as `audit` or `backups`. */
  readonly id: string;
  /** One plain sentence. */
  readonly description: string;
  /** Start of the current or last run; null before the first. */
  readonly lastRunAt: Instant | null;
  /** Outcome of the last completed run; null before the first. */
  readonly lastResult: JobResult | null;
  /** Why it failed, or that work is left for the next run; null otherwise. */
  readonly lastMessage: string | null;
  readonly lastDurationMs: number | null;
  /** Amount of work done: rows, events, bytes or backups, depending on the job. */
  readonly lastCount: number | null;
  /** When it is due next; null while scheduled maintenance is off. An overdue job runs within seconds. */
  readonly nextRunAt: Instant | null;
  readonly running: boolean;
}
