import { Injectable, Logger } from '@nestjs/common';
import type { MaintenanceReport } from '#contracts';
import { SYSTEM } from '../../common/http/identity.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { LiveSettings } from '../settings/live-settings.js';
import { runToTheEnd } from './maintenance-job.js';
import { MaintenanceJobs, type Job, type JobId } from './maintenance-jobs.js';

/** How much each job did, and why those failed that did. */
interface Outcome {
  readonly done: ReadonlyMap<JobId, number>;
  readonly failures: ReadonlyMap<JobId, Error>;
}

/** All sweeps, one after the other. */
@Injectable()
export class MaintenanceSweeps {
  readonly #logger = new Logger(MaintenanceSweeps.name);
  /** The jobs that failed in the last run. */
  lastFailures: readonly JobId[] = [];

  constructor(
    private readonly jobs: MaintenanceJobs,
    private readonly settings: LiveSettings,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Fails when a sweep did, after all others ran. */
  async run(): Promise<MaintenanceReport> {
    const ranAt = toInstant(this.clock.now());
    // What is deleted cannot be had back: not by settings that are remembered.
    await this.settings.reload();
    let offlineServices = 0;
    const jobs = this.jobs.all((services) => {
      offlineServices += services;
    });
    const { done, failures } = await this.#runJobs(jobs);
    this.lastFailures = [...failures.keys()];
    const report: MaintenanceReport = {
      expiredRegistrationTokens: done.get('registration-tokens') ?? 0,
      expiredCommands: done.get('commands') ?? 0,
      offlineAgents: done.get('agents') ?? 0,
      offlineServices,
      staleServices: done.get('services') ?? 0,
      deletedAuditEvents: done.get('audit') ?? 0,
      deletedSessions: done.get('sessions') ?? 0,
      madeBackups: done.get('backups') ?? 0,
      ranAt,
    };
    if ([...done.values()].some((count) => count > 0)) await this.#record(report, this.lastFailures);
    for (const error of failures.values()) throw error;
    return report;
  }

  /** One job that fails does not keep the others from running. */
  async #runJobs(jobs: readonly Job[]): Promise<Outcome> {
    const done = new Map<JobId, number>();
    const failures = new Map<JobId, Error>();
    for (const { id, run } of jobs) {
      const end = this.metrics.sweepSeconds.startTimer({ job: id });
      try {
        done.set(id, await runToTheEnd(run));
        end({ result: 'success' });
      } catch (error) {
        end({ result: 'failure' });
        this.#logger.error(error, `Maintenance job ${id} failed.`);
        failures.set(id, error as Error);
      }
    }
    return { done, failures };
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
