import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { MaintenanceReport } from '#contracts';
import { SYSTEM } from '../../common/actor.js';
import { Clock, secondsAfter, toInstant } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { JobContext, JobPhase } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { storageFailureOf } from '../../database/errors.js';
import { LeasesStore } from '../../database/leases/leases.store.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { MaintenanceSettingsService } from '../settings/maintenance-settings.service.js';
import { ClockWatch } from './clock-watch.js';
import { type Job, JobRegistry } from './job-registry.js';
import { type JobOutcome, JobRunner } from './job-runner.js';
import { hasDoneSomething, type JobsRun, toMaintenanceReport } from './maintenance-report.js';

/** Another replica holds the maintenance lease. */
export const maintenanceRunning = (): DomainError =>
  new DomainError('MAINTENANCE_RUNNING', 'Another server is running the maintenance; try again in a minute.');

const TICK_MS = 1_000;
/** The lease of every job without one of its own. */
export const MAINTENANCE_LEASE = 'maintenance';
/** How long a requested run waits for another replica, and for jobs with a lease of their own. */
const MAX_WAIT_SECONDS = 10;
const RETRY_MS = 100;

/**
 * Runs the jobs once per interval, whatever the number of replicas, and on request the same way. Jobs that share a lease
 * run one after the other; those with a lease of their own run in parallel.
 */
@Injectable()
export class MaintenanceScheduler implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger(MaintenanceScheduler.name);
  /** By lease; resolves with null when another replica held it. */
  readonly #running = new Map<string, Promise<JobsRun | null>>();
  readonly #stop = new AbortController();
  #lastRunAt: Date;

  constructor(
    private readonly registry: JobRegistry,
    private readonly runner: JobRunner,
    private readonly leases: LeasesStore,
    private readonly settings: MaintenanceSettingsService,
    private readonly watch: ClockWatch,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.#lastRunAt = clock.now();
  }

  /** When the last run known to this server started; before the first, when the server started. Never in the future. */
  get lastRunAt(): Date {
    const now = this.clock.now();
    // The clock was set back since: the next run is one interval away, not further.
    if (this.#lastRunAt > now) this.#lastRunAt = now;
    return this.#lastRunAt;
  }

  /** A run that came due while no server was running is not postponed by another interval. */
  async onModuleInit(): Promise<void> {
    const last = await this.leases.find(MAINTENANCE_LEASE);
    if (last && last.takenAt < this.#lastRunAt) this.#lastRunAt = last.takenAt;
  }

  /** Checks every second whether a run is due, so that a changed interval applies at once. */
  @Interval(TICK_MS)
  async tick(): Promise<void> {
    const { maintenanceIntervalSeconds: interval } = this.settings.current;
    const now = this.clock.now();
    const dueSince = secondsAfter(now, -interval);
    const isDue = interval > 0 && this.lastRunAt <= dueSince;
    if (!isDue || this.#running.has(MAINTENANCE_LEASE) || this.#stop.signal.aborted) return;
    this.#lastRunAt = now;
    for (const lease of this.#ownLeases()) void this.#startParallel(lease, dueSince);
    try {
      await this.#track(MAINTENANCE_LEASE, this.#tryRun(MAINTENANCE_LEASE, dueSince));
      this.db.keepReserve();
    } catch (error) {
      // A failed run must not end the server; the next one tries again.
      this.#logger.error(error);
    }
  }

  /**
   * Runs every job and returns the report, which names the jobs that failed and those that had to wait. A call during a run
   * gets the report of that run; a call during another replica's run waits for its turn. A backup that is due comes first;
   * after ten seconds it goes on in the background.
   * @throws MAINTENANCE_RUNNING when another replica does not finish within ten seconds
   */
  async run(): Promise<MaintenanceReport> {
    const endsAt = this.clock.elapsedMs() + MAX_WAIT_SECONDS * 1_000;
    const parallel = this.#ownLeases().map((lease) => this.#startParallel(lease, this.clock.now()));
    const finished = await this.#within(Promise.all(parallel));
    const { ranAt, outcomes, held } = await this.#runShared(endsAt);
    const all = new Map([...(finished ?? []).flatMap((run) => [...(run?.outcomes ?? [])]), ...outcomes]);
    return toMaintenanceReport({ ranAt, outcomes: all, held });
  }

  /** Waits for the batches that are running, but not for a backup: it is given up. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running.values());
  }

  /** What the work resolves with; null when it takes longer than a request may wait. */
  async #within<T>(work: Promise<T>): Promise<T | null> {
    const timer = new AbortController();
    const limit = delay(MAX_WAIT_SECONDS * 1_000, null, { ref: false, signal: timer.signal }).catch(() => null);
    try {
      return await Promise.race([work, limit]);
    } finally {
      timer.abort();
    }
  }

  async #runShared(endsAt: number): Promise<JobsRun> {
    const running = this.#running.get(MAINTENANCE_LEASE) ?? this.#track(MAINTENANCE_LEASE, this.#waitAndRun(endsAt));
    return (await running) ?? this.#runShared(endsAt);
  }

  /** The leases of jobs that run beside the others, or of those of one phase. */
  #ownLeases(phase?: JobPhase): string[] {
    const jobs = this.registry.all().filter((job) => phase === undefined || job.phase === phase);
    const leases = jobs.map(({ lease }) => lease);
    return [...new Set(leases)].filter((lease) => lease !== undefined);
  }

  /** Runs the jobs of a lease unless they are already running; never rejects. */
  async #startParallel(lease: string, notTakenSince: Date): Promise<JobsRun | null> {
    try {
      return await (this.#running.get(lease) ?? this.#track(lease, this.#tryRun(lease, notTakenSince)));
    } catch (error) {
      this.#logger.error(error);
      return null;
    }
  }

  #track(lease: string, run: Promise<JobsRun | null>): Promise<JobsRun | null> {
    const tracked = run.finally(() => this.#running.delete(lease));
    this.#running.set(lease, tracked);
    return tracked;
  }

  async #tryRun(lease: string, notTakenSince: Date): Promise<JobsRun | null> {
    const jobs = await this.#dueJobs(lease);
    // A lease that is taken now would not be released any more.
    if (jobs.length === 0 || this.#stop.signal.aborted) return null;
    // The run makes room, but needs some itself.
    if (this.db.writes.failure === 'full') this.db.releaseReserve();
    return this.leases.withLease({ name: lease, notTakenSince }, async (holder) => {
      if (lease === MAINTENANCE_LEASE) this.#lastRunAt = this.clock.now();
      // Deletions must never follow cached settings.
      await this.settings.reload();
      return this.#runAll(jobs, holder, { settings: this.settings.current, stop: this.#stop.signal });
    });
  }

  async #waitAndRun(endsAt: number): Promise<JobsRun> {
    for (;;) {
      const outcomes = await this.#tryRun(MAINTENANCE_LEASE, this.clock.now());
      if (outcomes) return outcomes;
      if (this.#stop.signal.aborted || this.clock.elapsedMs() > endsAt) throw maintenanceRunning();
      await delay(RETRY_MS);
    }
  }

  async #runAll(jobs: readonly Job[], holder: string, context: JobContext): Promise<JobsRun> {
    const outcomes = new Map<string, JobOutcome>();
    const held: string[] = [];
    const run = { ranAt: toInstant(this.clock.now()), outcomes, held };
    for (const job of jobs) {
      if (context.stop.aborted) break;
      if (this.#mustWait(job)) {
        held.push(job.id);
        continue;
      }
      const outcome = await this.runner.run(job, holder, context);
      if (outcome) outcomes.set(job.id, outcome);
    }
    if (hasDoneSomething(run)) await this.#tryRecord(run);
    return run;
  }

  /** Nothing is deleted while the clock is in doubt, and nothing old before a backup that is being made has it. */
  #mustWait({ phase }: Job): boolean {
    const isBackingUp = phase === 'retention' && this.#ownLeases('backup').some((lease) => this.#running.has(lease));
    return isBackingUp || this.watch.heldPhases().includes(phase);
  }

  /** A run that could not make enough room for its own event is still reported to whoever asked for it. */
  async #tryRecord(run: JobsRun): Promise<void> {
    try {
      await this.#record(run);
    } catch (error) {
      if (storageFailureOf(error) === null) throw error;
      this.#logger.error(error, 'A maintenance run could not be audited.');
    }
  }

  /** Only runs that did something are audited; otherwise the audit would grow with every interval. */
  async #record(run: JobsRun): Promise<void> {
    const report = toMaintenanceReport(run);
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor: SYSTEM,
        action: 'maintenance.run',
        target: WORKSPACE,
        result: report.failedJobs.length === 0 ? 'SUCCESS' : 'FAILURE',
        message: 'Maintenance brought the records up to date.',
        metadata: report,
      }),
    );
  }

  /** The jobs of a lease, without those that are not due yet. */
  async #dueJobs(lease: string): Promise<readonly Job[]> {
    const jobs = this.registry.all().filter((job) => (job.lease ?? MAINTENANCE_LEASE) === lease);
    const due = await Promise.all(jobs.map((job) => isDue(job, this.clock.now())));
    return jobs.filter((_, index) => due[index]);
  }
}

const isDue = async ({ nextDueAt }: Job, now: Date): Promise<boolean> => {
  if (!nextDueAt) return true;
  const dueAt = await nextDueAt();
  return dueAt !== null && dueAt <= now;
};
