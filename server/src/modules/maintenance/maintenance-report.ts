import type { Instant, MaintenanceReport } from '#contracts';
import type { BatchResult } from '../../common/maintenance-job.js';
import type { JobOutcome } from './job-runner.js';

/** One run of the jobs of a lease. */
export interface JobsRun {
  readonly ranAt: Instant;
  /** By job id; jobs that had nothing to do are left out. */
  readonly outcomes: ReadonlyMap<string, JobOutcome>;
  /** The ids of the jobs that had to wait. */
  readonly held: readonly string[];
}

const NOTHING: BatchResult = { count: 0 };

/** The report of a run. */
export const toMaintenanceReport = ({ ranAt, outcomes, held }: JobsRun): MaintenanceReport => {
  const totalsOf = (id: string): BatchResult => outcomes.get(id)?.totals ?? NOTHING;
  const countOf = (id: string): number => totalsOf(id).count;
  return {
    expiredRegistrationTokens: countOf('registration-tokens'),
    expiredCommands: countOf('commands'),
    offlineAgents: countOf('agents'),
    offlineServices: totalsOf('agents').services ?? 0,
    staleServices: countOf('services'),
    deletedAuditEvents: countOf('audit'),
    deletedCommands: countOf('finished-commands'),
    deletedHealthReports: countOf('health-history'),
    deletedSessions: countOf('sessions'),
    madeBackups: countOf('backups'),
    freedBytes: countOf('space'),
    ranAt,
    failedJobs: [...outcomes].filter(([, { error }]) => error !== null).map(([id]) => id),
    heldJobs: held,
  };
};

/** Whether any job found something to do. */
export const hasDoneSomething = ({ outcomes }: JobsRun): boolean =>
  [...outcomes.values()].some(({ totals }) => totals.count > 0);
