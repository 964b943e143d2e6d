import { Injectable } from '@nestjs/common';
import type { MaintenanceReport } from '#contracts';
import { SYSTEM } from '../../common/http/identity.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { LiveSettings } from '../settings/live-settings.js';
import { JobRunner, type JobOutcome } from './job-runner.js';
import type { JobId } from './maintenance-job.js';
import { MaintenanceJobs } from './maintenance-jobs.js';

/** All sweeps, one after the other. */
@Injectable()
export class MaintenanceSweeps {
  constructor(
    private readonly jobs: MaintenanceJobs,
    private readonly settings: LiveSettings,
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
