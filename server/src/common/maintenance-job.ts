import { SetMetadata } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';

/** The order in which jobs run; within a phase they run by id. */
export const JOB_PHASES = ['backup', 'expire', 'silence', 'retention', 'space'] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Enough for a usual run, and short enough for the other jobs to get their turn. */
const DEFAULT_TIME_LIMIT_SECONDS = 120;

export interface JobContext {
  /** The settings as stored, read at the start of the run: a deletion must never follow cached ones. */
  readonly settings: MaintenanceSettings;
  /** Aborts when the server stops; a job that takes long gives up. */
  readonly stop: AbortSignal;
}

/** The outcome of one batch: a count, of which 0 means that nothing is left, and further figures by name. */
export interface BatchResult {
  readonly count: number;
  readonly [figure: string]: number;
}

/**
 * Does one bounded batch per call, so that nothing else waits long for the database. Null means that nothing was due: the
 * recorded outcome of the last run then stays as it is.
 */
export type JobWork = (context: JobContext) => Promise<number | BatchResult | null>;

interface JobOptions<Owner> {
  readonly id: string;
  readonly phase: JobPhase;
  readonly description: string;
  /** How long one run may take; the rest waits for the next run. */
  readonly timeLimitSeconds?: number;
  /** A lease of its own lets the job run beside the others, which share one. */
  readonly lease?: string;
  /** For a job that most runs skip: when it next has something to do; null for not at all. */
  readonly nextDueAt?: (owner: Owner) => Promise<Date | null>;
}

/** How a job was declared. */
export interface JobDeclaration extends Omit<JobOptions<never>, 'nextDueAt' | 'timeLimitSeconds'> {
  readonly timeLimitSeconds: number;
  readonly nextDueAt: ((owner: unknown) => Promise<Date | null>) | null;
}

export const JOB_METADATA = 'opstage:maintenance-job';

/** Makes a method of a provider a maintenance job; the maintenance module finds and runs it. */
export const MaintenanceJob =
  <Owner>({ timeLimitSeconds = DEFAULT_TIME_LIMIT_SECONDS, nextDueAt, ...rest }: JobOptions<Owner>) =>
  <Method extends JobWork>(target: object, name: string, method: TypedPropertyDescriptor<Method>): void => {
    const due = (nextDueAt as JobDeclaration['nextDueAt'] | undefined) ?? null;
    const declaration: JobDeclaration = { ...rest, timeLimitSeconds, nextDueAt: due };
    SetMetadata(JOB_METADATA, declaration)(target, name, method);
  };
