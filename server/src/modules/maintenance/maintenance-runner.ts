import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { MaintenanceReport } from '#contracts';
import { SYSTEM } from '../../common/http/identity.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { LiveSettings } from '../settings/live-settings.js';
import { runToTheEnd, type MaintenanceJob } from './maintenance-job.js';
import { ExpiryJobs, SilenceJobs, type JobId } from './maintenance-jobs.js';

const TICK_MS = 1_000;

/** Runs every sweep: on schedule, and on demand by the same path. Two runs never overlap. */
@Injectable()
export class MaintenanceRunner implements BeforeApplicationShutdown {
  readonly #logger = new Logger(MaintenanceRunner.name);
  #running: Promise<MaintenanceReport> | null = null;
  #lastRunAt: Date;
  #stopped = false;

  constructor(
    private readonly expiry: ExpiryJobs,
    private readonly silence: SilenceJobs,
    private readonly settings: LiveSettings,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.#lastRunAt = clock.now();
  }

  /** Looks every second whether a run is due, so that a changed interval holds at once. */
  @Interval(TICK_MS)
  async tick(): Promise<void> {
    const { maintenanceIntervalSeconds: interval } = this.settings.current;
    const isDue = interval > 0 && this.#lastRunAt <= this.clock.secondsFromNow(-interval);
    if (!isDue || this.#running || this.#stopped) return;
    try {
      await this.run();
    } catch (error) {
      // The next run tries again; one that fails must not end the server.
      this.#logger.error(error);
    }
  }

  /** Runs all sweeps; a call during a run gets that run's report. */
  run(): Promise<MaintenanceReport> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
  }

  async #runAll(): Promise<MaintenanceReport> {
    this.#lastRunAt = this.clock.now();
    await this.settings.reload();
    let offlineServices = 0;
    const silence = this.silence.jobs((services) => {
      offlineServices += services;
    });
    const done = await this.#runJobs([...this.expiry.jobs(), ...silence]);
    const report: MaintenanceReport = {
      expiredRegistrationTokens: done.get('registration-tokens') ?? 0,
      expiredCommands: done.get('commands') ?? 0,
      offlineAgents: done.get('agents') ?? 0,
      offlineServices,
      staleServices: done.get('services') ?? 0,
      deletedAuditEvents: done.get('audit') ?? 0,
      deletedSessions: done.get('sessions') ?? 0,
      ranAt: toInstant(this.#lastRunAt),
    };
    await this.#record(report, done);
    return report;
  }

  /** One job that fails does not keep the others from running; the run then fails as a whole. */
  async #runJobs(jobs: readonly (MaintenanceJob & { readonly id: JobId })[]): Promise<ReadonlyMap<JobId, number>> {
    const done = new Map<JobId, number>();
    const failures: unknown[] = [];
    for (const job of jobs) {
      try {
        done.set(job.id, await runToTheEnd(job));
      } catch (error) {
        this.#logger.error(error, `Maintenance job ${job.id} failed.`);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return done;
  }

  /** A run that found nothing to do leaves no trace: the audit would grow by itself. */
  async #record(report: MaintenanceReport, done: ReadonlyMap<JobId, number>): Promise<void> {
    if ([...done.values()].every((count) => count === 0)) return;
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor: SYSTEM,
        action: 'maintenance.run',
        target: WORKSPACE,
        message: 'Scheduled maintenance brought the records up to date.',
        metadata: report,
      }),
    );
  }
}
