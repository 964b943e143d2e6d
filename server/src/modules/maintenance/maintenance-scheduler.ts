import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { MaintenanceReport } from '#contracts';
import { SYSTEM } from '../../common/actor.js';
import { Clock, secondsAfter, toInstant } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { JobId } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { Leases } from '../../database/leases/leases.store.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { MaintenanceSettingsService } from '../settings/maintenance-settings.service.js';
import { MaintenanceJobs } from './job-registry.js';
import { type JobOutcome, JobRunner } from './job-runner.js';

/** All sweeps, one after the other. */
@Injectable()
export class MaintenanceSweeps {
  constructor(
    private readonly jobs: MaintenanceJobs,
    private readonly settings: MaintenanceSettingsService,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly runner: JobRunner,
  ) {}

  /** One after the other; fails when a sweep did, after all others ran. `holder` is whose lease they run under. */
  async run(holder: string): Promise<MaintenanceReport> {
    const ranAt = toInstant(this.clock.now());
    // What is deleted cannot be had back: not by settings that are remembered.
    await this.settings.reload();
    let offlineServices = 0;
    const outcomes = new Map<JobId, JobOutcome>();
    const jobs = this.jobs.all((services) => {
      offlineServices += services;
    });
    for (const job of jobs) outcomes.set(job.id, await this.runner.run(job, holder));
    const countOf = (id: JobId): number => outcomes.get(id)?.count ?? 0;
    const report: MaintenanceReport = {
      expiredRegistrationTokens: countOf('registration-tokens'),
      expiredCommands: countOf('commands'),
      offlineAgents: countOf('agents'),
      offlineServices,
      staleServices: countOf('services'),
      deletedAuditEvents: countOf('audit'),
      deletedCommands: countOf('finished-commands'),
      deletedHealthReports: countOf('health-history'),
      deletedSessions: countOf('sessions'),
      madeBackups: countOf('backups'),
      freedBytes: countOf('space'),
      ranAt,
    };
    const failures = [...outcomes].filter(([, { error }]) => error !== null);
    if ([...outcomes.values()].some(({ count }) => count > 0)) {
      await this.#record(
        report,
        failures.map(([id]) => id),
      );
    }
    for (const [, { error }] of failures) if (error) throw error;
    return report;
  }

  /** Only of a run that found something to do: otherwise the audit would grow by itself. */
  async #record(report: MaintenanceReport, failedJobs: readonly JobId[]): Promise<void> {
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor: SYSTEM,
        action: 'maintenance.run',
        target: WORKSPACE,
        result: failedJobs.length === 0 ? 'SUCCESS' : 'FAILURE',
        message: 'Maintenance brought the records up to date.',
        metadata: { ...report, failedJobs },
      }),
    );
  }
}

export const maintenanceRunning = (): DomainError =>
  new DomainError('MAINTENANCE_RUNNING', 'Another server is running the maintenance; try again in a minute.');

const TICK_MS = 1_000;
/** Under which all sweeps run. */
export const MAINTENANCE_LEASE = 'maintenance';
/** How long a run that was asked for waits for another replica's, and how often it looks. */
const PATIENCE_SECONDS = 10;
const RETRY_MS = 100;

/**
 * Runs every sweep: on schedule, once in each interval whatever the number of replicas, and on demand by the same path.
 * Two runs never overlap.
 */
@Injectable()
export class MaintenanceScheduler implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger(MaintenanceScheduler.name);
  /** Resolves with null when another replica did it. */
  #running: Promise<MaintenanceReport | null> | null = null;
  #lastRunAt: Date;
  #stopped = false;

  constructor(
    private readonly sweeps: MaintenanceSweeps,
    private readonly leases: Leases,
    private readonly settings: MaintenanceSettingsService,
    private readonly clock: Clock,
  ) {
    this.#lastRunAt = clock.now();
  }

  /** When a run that this server knows of last began; its own start before the first one ever. */
  get lastRunAt(): Date {
    return this.#lastRunAt;
  }

  /** A run that came due while no server was there is not put off by another interval. */
  async onModuleInit(): Promise<void> {
    const last = await this.leases.find(MAINTENANCE_LEASE);
    if (last && last.takenAt < this.#lastRunAt) this.#lastRunAt = last.takenAt;
  }

  /** Looks every second whether a run is due, so that a changed interval holds at once. */
  @Interval(TICK_MS)
  async tick(): Promise<void> {
    const { maintenanceIntervalSeconds: interval } = this.settings.current;
    const now = this.clock.now();
    const dueSince = secondsAfter(now, -interval);
    if (interval === 0 || this.#lastRunAt > dueSince || this.#running || this.#stopped) return;
    this.#lastRunAt = now;
    try {
      await this.#occupy(this.#runAlone(dueSince));
    } catch (error) {
      // The next run tries again; one that fails must not end the server.
      this.#logger.error(error);
    }
  }

  /**
   * Runs all sweeps; a call during a run gets that run's report, one during another replica's waits for its turn. Fails
   * when a sweep did, after all others ran. @throws MAINTENANCE_RUNNING when the turn does not come soon
   */
  async run(): Promise<MaintenanceReport> {
    return (await (this.#running ?? this.#occupy(this.#runInTurn()))) ?? this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
  }

  #occupy(run: Promise<MaintenanceReport | null>): Promise<MaintenanceReport | null> {
    this.#running = run.finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  #runAlone(notTakenSince: Date): Promise<MaintenanceReport | null> {
    return this.leases.withLease({ name: MAINTENANCE_LEASE, notTakenSince }, (holder) => {
      this.#lastRunAt = this.clock.now();
      return this.sweeps.run(holder);
    });
  }

  async #runInTurn(): Promise<MaintenanceReport> {
    const endsAt = this.clock.secondsFromNow(PATIENCE_SECONDS);
    for (;;) {
      const report = await this.#runAlone(this.clock.now());
      if (report) return report;
      if (this.#stopped || this.clock.now() > endsAt) throw maintenanceRunning();
      await delay(RETRY_MS);
    }
  }
}
