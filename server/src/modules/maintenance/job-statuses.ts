import { Injectable } from '@nestjs/common';
import type { MaintenanceJobStatus } from '#contracts';
import { Clock, secondsAfter, toInstant, toInstantOrNull } from '../../common/time/clock.js';
import { LiveSettings } from '../settings/live-settings.js';
import type { JobRunEntity } from './job-run.entity.js';
import { JobRunsRepository } from './job-runs.repository.js';
import { Leases } from './leases.js';
import type { Job } from './maintenance-job.js';
import { MaintenanceJobs } from './maintenance-jobs.js';
import { MAINTENANCE_LEASE, MaintenanceRunner } from './maintenance-runner.js';

const LEFT_BEHIND = 'The server stopped in the middle of it.';

type LastRun = Omit<MaintenanceJobStatus, 'id' | 'description' | 'lastRunAt' | 'nextRunAt'>;

/** Whether a job runs now, and how it last went; a server that died in the middle of it left it failed. */
const lastRunOf = (run: JobRunEntity | undefined, holder: string | null): LastRun => {
  if (!run) return { lastResult: null, lastMessage: null, lastDurationMs: null, lastCount: null, running: false };
  const running = run.runningFor !== null && run.runningFor === holder;
  if (run.runningFor !== null && !running) {
    return { lastResult: 'FAILED', lastMessage: LEFT_BEHIND, lastDurationMs: null, lastCount: null, running };
  }
  const { result: lastResult, message: lastMessage, durationMs: lastDurationMs, doneCount: lastCount } = run;
  return { lastResult, lastMessage, lastDurationMs, lastCount, running };
};

/** How every sweep last went and when it is due, whichever replica ran it. */
@Injectable()
export class JobStatuses {
  constructor(
    private readonly jobs: MaintenanceJobs,
    private readonly runs: JobRunsRepository,
    private readonly leases: Leases,
    private readonly runner: MaintenanceRunner,
    private readonly settings: LiveSettings,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<MaintenanceJobStatus[]> {
    const runs = new Map((await this.runs.all()).map((run) => [run.jobId, run]));
    const lease = await this.leases.find(MAINTENANCE_LEASE);
    const holder = lease && lease.expiresAt > this.clock.now() ? lease.holder : null;
    const nextAt = this.#nextAt(lease?.takenAt ?? null);
    return Promise.all(
      this.jobs
        .all(() => undefined)
        .map(async (job) => ({
          id: job.id,
          description: job.description,
          lastRunAt: toInstantOrNull(runs.get(job.id)?.startedAt ?? null),
          ...lastRunOf(runs.get(job.id), holder),
          nextRunAt: await nextRunOf(job, nextAt),
        })),
    );
  }

  /** The jobs whose last run that ended failed. */
  async failed(): Promise<readonly string[]> {
    return (await this.runs.all()).filter(({ result }) => result === 'FAILED').map(({ jobId }) => jobId);
  }

  /** When the next run is due; null while none is scheduled. */
  #nextAt(lastTakenAt: Date | null): Date | null {
    const { maintenanceIntervalSeconds: interval } = this.settings.current;
    if (interval === 0) return null;
    const lastRunAt = this.runner.lastRunAt;
    return secondsAfter(lastTakenAt && lastTakenAt > lastRunAt ? lastTakenAt : lastRunAt, interval);
  }
}

/** With the next run, or with a later one when it has nothing to do before. */
const nextRunOf = async (job: Job, nextAt: Date | null): Promise<string | null> => {
  if (nextAt === null) return null;
  if (!job.nextDueAt) return toInstant(nextAt);
  const dueAt = await job.nextDueAt();
  return dueAt === null ? null : toInstant(dueAt > nextAt ? dueAt : nextAt);
};
