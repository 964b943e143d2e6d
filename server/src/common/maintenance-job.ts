import { SetMetadata } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';

/** In which order jobs run; within a phase they run by id. */
export const JOB_PHASES = ['expire', 'silence', 'retention', 'space'] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Enough for what a run usually finds, and short enough for the other jobs to get their turn. */
const DEFAULT_TIME_LIMIT_SECONDS = 120;

export interface JobContext {
  /** The settings as stored, read at the start of the run: a deletion must never follow cached ones. */
  readonly settings: MaintenanceSettings;
}

/** What one batch did: how much, with further figures by name. 0 means that nothing is left. */
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
  /** When the job next has something to do, for a job that most runs skip; null while that is never. */
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
