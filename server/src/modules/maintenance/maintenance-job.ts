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

/** What the batches of one run came to. */
export interface JobProgress {
  readonly count: number;
  /** Whether something is left for the next run. */
  readonly isCut: boolean;
}

/** Past this many batches in one run the rest waits for the next run. */
const MAX_BATCHES = 1_000;

/** A batch did not come back in time; it may still be at work. */
export class JobOverdue extends Error {}

/** Settles as `work` does, or fails at the limit. */
const within = async <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new JobOverdue());
  }, milliseconds);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Runs batches until nothing is left or the time is up.
 * @throws JobOverdue when a batch is not back by then
 */
export const runToTheEnd = async (run: MaintenanceJob['run'], timeLimitSeconds: number): Promise<JobProgress> => {
  const endsAt = performance.now() + timeLimitSeconds * 1_000;
  let count = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) break;
    const done = await within(leftMs, run());
    if (done === 0) return { count, isCut: false };
    count += done;
  }
  return { count, isCut: true };
};
