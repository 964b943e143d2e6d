import { Injectable } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { AuditRetention } from '../audit/audit-retention.js';
import { CommandRetention } from '../commands/command-retention.js';
import { HealthRetention } from '../services/health-retention.js';
import { LiveSettings } from '../settings/live-settings.js';
import { TIME_LIMIT_SECONDS, type Job } from './maintenance-job.js';

type Days = Exclude<keyof MaintenanceSettings, `${string}Seconds`>;

/** Sweeps over what is kept for so many days. */
@Injectable()
export class RetentionJobs {
  constructor(
    private readonly audit: AuditRetention,
    private readonly commands: CommandRetention,
    private readonly health: HealthRetention,
    private readonly settings: LiveSettings,
  ) {}

  jobs(): readonly Job[] {
    return [
      {
        id: 'audit',
        description: 'Deletes audit events past their retention.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: this.#keeping('auditRetentionDays', (days) => this.audit.prune(days)),
      },
      {
        id: 'finished-commands',
        description: 'Deletes finished commands past their retention.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: this.#keeping('commandRetentionDays', (days) => this.commands.prune(days)),
      },
      {
        id: 'health-history',
        description: 'Deletes changes of health past their retention.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: this.#keeping('healthRetentionDays', (days) => this.health.prune(days)),
      },
    ];
  }

  /** Nothing is deleted while the setting is 0. */
  #keeping(setting: Days, prune: (days: number) => Promise<number>): () => Promise<number> {
    return () => {
      const days = this.settings.current[setting];
      return days === 0 ? Promise.resolve(0) : prune(days);
    };
  }
}
