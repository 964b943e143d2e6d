import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type {
  MaintenanceJobStatus,
  MaintenanceReport,
  MaintenanceSettings,
  UpdateMaintenanceSettingsRequest,
} from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Clock, secondsAfter, toInstant, toInstantOrNull } from '../../common/clock.js';
import type { Job } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { Leases } from '../../database/leases/leases.store.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { MaintenanceSettingsService } from '../settings/maintenance-settings.service.js';
import { MaintenanceJobs } from './job-registry.js';
import type { JobRunEntity } from './job-run.entity.js';
import { JobRunsRepository } from './job-runs.store.js';
import { MAINTENANCE_LEASE, MaintenanceScheduler } from './maintenance-scheduler.js';

@Injectable()
export class MaintenanceService {
  constructor(
    private readonly db: Database,
    private readonly runner: MaintenanceScheduler,
    private readonly settings: MaintenanceSettingsService,
    private readonly audit: AuditService,
  ) {}

  getSettings(): MaintenanceSettings {
    return this.settings.current;
  }

  /** Changes settings; they hold at once, without a restart. */
  updateSettings(actor: UserActor, request: UpdateMaintenanceSettingsRequest): Promise<MaintenanceSettings> {
    return this.db.transaction(async (tx) => {
      const { before, after } = await this.settings.change(tx, definedOf(request));
      if (isDeepStrictEqual(before, after)) return after;
      await this.audit.record(tx, {
        actor,
        action: 'settings.maintenance.updated',
        target: WORKSPACE,
        message: `${actor.username} changed the maintenance settings.`,
        metadata: { before, after },
      });
      return after;
    });
  }

  /** Runs every sweep now and returns what it did. */
  async runNow(actor: UserActor): Promise<MaintenanceReport> {
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'maintenance.triggered',
        target: WORKSPACE,
        message: `${actor.username} ran the maintenance by hand.`,
      }),
    );
    return this.runner.run();
  }
}

const definedOf = (request: UpdateMaintenanceSettingsRequest): Partial<MaintenanceSettings> =>
  Object.fromEntries(Object.entries<number | undefined>(request).filter(([, value]) => value !== undefined));

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
    private readonly runner: MaintenanceScheduler,
    private readonly settings: MaintenanceSettingsService,
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
