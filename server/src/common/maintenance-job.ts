/** One sweep: does one bounded batch a call, so that nothing it shares the database with has to wait long. */
export interface MaintenanceJob {
  readonly id: string;
  readonly description: string;
  /** How long one run may take; what is left then waits for the next. */
  readonly timeLimitSeconds: number;
  /** Returns how much one batch did; 0 when there is nothing left. */
  readonly run: () => Promise<number>;
  /** When it has something to do by itself, for one that most runs pass over; null when it never has. */
  readonly nextDueAt?: () => Promise<Date | null>;
}

export type JobId =
  | 'registration-tokens'
  | 'commands'
  | 'one-time-keys'
  | 'idempotency-keys'
  | 'sessions'
  | 'sign-in-failures'
  | 'agents'
  | 'services'
  | 'audit'
  | 'finished-commands'
  | 'health-history'
  | 'space'
  | 'backups';
export type Job = MaintenanceJob & { readonly id: JobId };

/** Ample for what one run usually finds, and short enough for the others to get their turn. */
export const TIME_LIMIT_SECONDS = 120;
