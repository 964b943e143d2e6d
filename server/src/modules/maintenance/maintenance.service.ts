import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import type {
  ClockConfirmation,
  MaintenanceJobStatus,
  MaintenanceReport,
  MaintenanceSettings,
  UpdateMaintenanceSettingsRequest,
} from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Clock, secondsAfter, toInstant, toInstantOrNull } from '../../common/clock.js';
import { validationFailed } from '../../common/errors.js';
import { AppConfig } from '../../config/app-config.js';
import { leastOfflineThresholdSeconds } from '../../config/offline-threshold.js';
import { Database } from '../../database/database.js';
import { isDatabaseUnavailable } from '../../database/errors.js';
import { LeasesStore } from '../../database/leases/leases.store.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import type { SignedIn } from '../auth/sessions/signed-in.js';
import { ConfirmationService } from '../auth/sign-in/confirmation.service.js';
import { MaintenanceSettingsService } from '../settings/maintenance-settings.service.js';
import { ClockWatch } from './clock-watch.js';
import { type Job, JobRegistry } from './job-registry.js';
import type { JobRunEntity } from './job-run.entity.js';
import { JobRunsStore } from './job-runs.store.js';
import { MAINTENANCE_LEASE, MaintenanceScheduler } from './maintenance-scheduler.js';

/** The maintenance settings, runs on request, and the last run of every job on any replica. */
@Injectable()
export class MaintenanceService {
  readonly #logger = new Logger(MaintenanceService.name);

  constructor(
    private readonly db: Database,
    private readonly scheduler: MaintenanceScheduler,
    private readonly registry: JobRegistry,
    private readonly runs: JobRunsStore,
    private readonly leases: LeasesStore,
    private readonly settings: MaintenanceSettingsService,
    private readonly watch: ClockWatch,
    private readonly audit: AuditService,
    private readonly confirmation: ConfirmationService,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {}

  /** The settings in force. */
  getSettings(): MaintenanceSettings {
    return this.settings.current;
  }

  /**
   * Changes settings; they apply at once, without a restart.
   * @throws VALIDATION_FAILED for an offline threshold with which healthy agents count as offline between heartbeats;
   *   CONFIRMATION_REQUIRED for another audit retention, which a stolen session must not be enough for
   */
  async updateSettings(signedIn: SignedIn, request: UpdateMaintenanceSettingsRequest): Promise<MaintenanceSettings> {
    const { actor } = signedIn;
    const { auditRetentionDays: days } = request;
    this.#checkThreshold(request);
    if (days !== undefined && days !== this.settings.current.auditRetentionDays) {
      await this.confirmation.requireRecent(signedIn, { method: 'PATCH', path: '/api/admin/settings/maintenance' });
    }
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

  /** Runs every job now and returns the report, which names the jobs that failed or had to wait. */
  async runNow(actor: UserActor): Promise<MaintenanceReport> {
    const isRecorded = await this.#tryRecordTrigger(actor);
    const report = await this.scheduler.run();
    if (!isRecorded) await this.#tryRecordTrigger(actor);
    return report;
  }

  #checkThreshold({ agentOfflineThresholdSeconds: given }: UpdateMaintenanceSettingsRequest): void {
    const least = leastOfflineThresholdSeconds(this.config);
    if (given === undefined || given >= least) return;
    const message = `must be at least ${least}, two heartbeat intervals (OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS): healthy agents would count as offline between heartbeats`;
    throw validationFailed([{ path: 'agentOfflineThresholdSeconds', message }]);
  }

  /** False on a full disk, where nothing can be written before the run has made room. */
  async #tryRecordTrigger(actor: UserActor): Promise<boolean> {
    const message = `${actor.username} started maintenance.`;
    try {
      await this.db.transaction((tx) =>
        this.audit.record(tx, { actor, action: 'maintenance.triggered', target: WORKSPACE, message }),
      );
      return true;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      this.#logger.error(error, message);
      return false;
    }
  }

  /** Trusts the clock of the machine again; changes nothing when it is trusted. */
  async confirmClock(actor: UserActor): Promise<ClockConfirmation> {
    return { wasInDoubt: await this.watch.confirm(actor) };
  }

  /** Why the clock is in doubt, in a sentence; null while it is trusted. */
  clockConcern(): string | null {
    return this.watch.concern();
  }

  /** Lists every job with its last run and when it is next due. */
  async listJobs(): Promise<MaintenanceJobStatus[]> {
    const runs = new Map((await this.runs.all()).map((run) => [run.jobId, run]));
    const nextAt = this.#nextAt((await this.leases.find(MAINTENANCE_LEASE))?.takenAt ?? null);
    return Promise.all(
      this.registry.all().map(async (job) => ({
        id: job.id,
        description: job.description,
        lastRunAt: toInstantOrNull(runs.get(job.id)?.startedAt ?? null),
        ...lastRunOf(runs.get(job.id), await this.#holderOf(job.lease ?? MAINTENANCE_LEASE)),
        nextRunAt: await nextRunOf(job, nextAt),
      })),
    );
  }

  /** The ids of the jobs whose last finished run failed. */
  async failedJobs(): Promise<readonly string[]> {
    return (await this.runs.all()).filter(({ result }) => result === 'FAILED').map(({ jobId }) => jobId);
  }

  async #holderOf(lease: string): Promise<string | null> {
    const found = await this.leases.find(lease);
    return found && found.expiresAt > this.clock.now() ? found.holder : null;
  }

  /** When the next run is due; null while none is scheduled. */
  #nextAt(lastTakenAt: Date | null): Date | null {
    const { maintenanceIntervalSeconds: interval } = this.settings.current;
    if (interval === 0) return null;
    const { lastRunAt } = this.scheduler;
    const isNewer = lastTakenAt !== null && lastTakenAt > lastRunAt && lastTakenAt <= this.clock.now();
    return secondsAfter(isNewer ? lastTakenAt : lastRunAt, interval);
  }
}

const definedOf = (request: UpdateMaintenanceSettingsRequest): Partial<MaintenanceSettings> =>
  Object.fromEntries(Object.entries<number | undefined>(request).filter(([, value]) => value !== undefined));

const INTERRUPTED = 'The server stopped during the run.';

type LastRun = Omit<MaintenanceJobStatus, 'id' | 'description' | 'lastRunAt' | 'nextRunAt'>;

/** Whether a job is running, and its last outcome; a run interrupted by a crash counts as failed. */
const lastRunOf = (run: JobRunEntity | undefined, holder: string | null): LastRun => {
  if (!run) return { lastResult: null, lastMessage: null, lastDurationMs: null, lastCount: null, running: false };
  const running = run.runningFor !== null && run.runningFor === holder;
  if (run.runningFor !== null && !running) {
    return { lastResult: 'FAILED', lastMessage: INTERRUPTED, lastDurationMs: null, lastCount: null, running };
  }
  const { result: lastResult, message: lastMessage, durationMs: lastDurationMs, doneCount: lastCount } = run;
  return { lastResult, lastMessage, lastDurationMs, lastCount, running };
};

/** The next run, or a later one when the job has nothing to do before that. */
const nextRunOf = async (job: Job, nextAt: Date | null): Promise<string | null> => {
  if (nextAt === null) return null;
  if (!job.nextDueAt) return toInstant(nextAt);
  const dueAt = await job.nextDueAt();
  return dueAt === null ? null : toInstant(dueAt > nextAt ? dueAt : nextAt);
};
