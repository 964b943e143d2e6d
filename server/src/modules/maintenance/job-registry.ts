import { Injectable } from '@nestjs/common';
import type { AgentId, MaintenanceSettings } from '#contracts';
import { type Job, TIME_LIMIT_SECONDS } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { SilentAgents } from '../agents/liveness/agent-liveness.js';
import { CapsuleServicesService } from '../agents/services/capsule-services.service.js';
import { HealthRetention } from '../agents/services/health/service-health.service.js';
import { StaleServices } from '../agents/services/service-freshness.js';
import { AuditRetention } from '../audit/chain/audit-chain.service.js';
import { AuthUpkeep } from '../auth/sessions/sessions.service.js';
import { ScheduledBackups } from '../backups/backups.service.js';
import { CommandExpiry } from '../commands/command-expiry.service.js';
import { CommandRetention } from '../commands/commands.service.js';
import { RegistrationTokensService } from '../registration/tokens/registration-tokens.service.js';
import { MaintenanceSettingsService } from '../settings/maintenance-settings.service.js';

type Days = Exclude<keyof MaintenanceSettings, `${string}Seconds`>;

/** Sweeps over what is kept for so many days. */
@Injectable()
export class RetentionJobs {
  constructor(
    private readonly audit: AuditRetention,
    private readonly commands: CommandRetention,
    private readonly health: HealthRetention,
    private readonly settings: MaintenanceSettingsService,
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

/** A large database takes its time to be copied and checked. */
const BACKUP_LIMIT_SECONDS = 7_200;

/** Sweeps over what expires. */
@Injectable()
export class ExpiryJobs {
  constructor(
    private readonly tokens: RegistrationTokensService,
    private readonly commands: CommandExpiry,
    private readonly signIns: AuthUpkeep,
  ) {}

  jobs(): readonly Job[] {
    return [
      {
        id: 'registration-tokens',
        description: 'Notes registration tokens that expired unused.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.tokens.expire(),
      },
      {
        id: 'commands',
        description: 'Ends commands that nobody answered in time.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.commands.expireOverdue(),
      },
      {
        id: 'one-time-keys',
        description: 'Erases one-time keys that nobody asked for in time.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.commands.eraseExpiredKeys(),
      },
      {
        id: 'idempotency-keys',
        description: 'Forgets idempotency keys whose day is over.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.commands.forgetIdempotencyKeys(),
      },
      {
        id: 'sessions',
        description: 'Deletes sessions that have ended.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.signIns.deleteEndedSessions(),
      },
      {
        id: 'sign-in-failures',
        description: 'Forgets refused sign-ins that no longer count.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.signIns.deleteForgottenFailures(),
      },
    ];
  }
}

/** Sweeps over what falls silent. */
@Injectable()
export class SilenceJobs {
  constructor(
    private readonly agents: SilentAgents,
    private readonly stale: StaleServices,
    private readonly catalog: CapsuleServicesService,
  ) {}

  /** `onOffline` hears how many services the agents of a batch report. */
  jobs(onOffline: (services: number) => void): readonly Job[] {
    const declareOffline = async (): Promise<number> => {
      const offline: readonly AgentId[] = await this.agents.markOffline();
      onOffline(await this.catalog.countOfAgents(offline));
      return offline.length;
    };
    return [
      {
        id: 'agents',
        description: 'Declares silent agents offline.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: declareOffline,
      },
      {
        id: 'services',
        description: 'Notes services that have gone stale.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.stale.markStale(),
      },
    ];
  }
}

/** Sweeps over the installation itself; they may take longer than others and therefore come last. */
@Injectable()
export class UpkeepJobs {
  constructor(
    private readonly backups: ScheduledBackups,
    private readonly db: Database,
  ) {}

  jobs(): readonly Job[] {
    return [
      {
        id: 'space',
        description: 'Gives the disk back what deleted rows left free in the SQLite database, in bytes.',
        timeLimitSeconds: TIME_LIMIT_SECONDS,
        run: () => this.db.reclaimSpace(),
      },
      {
        id: 'backups',
        description: 'Backs the database up when that is due.',
        timeLimitSeconds: BACKUP_LIMIT_SECONDS,
        run: () => this.backups.createIfDue(),
        nextDueAt: () => this.backups.nextDueAt(),
      },
    ];
  }
}

/** Every sweep, in the order they run. */
@Injectable()
export class MaintenanceJobs {
  constructor(
    private readonly expiry: ExpiryJobs,
    private readonly silence: SilenceJobs,
    private readonly retention: RetentionJobs,
    private readonly upkeep: UpkeepJobs,
  ) {}

  /** `onOffline` hears how many services the agents of a batch report. */
  all(onOffline: (services: number) => void): readonly Job[] {
    return [...this.expiry.jobs(), ...this.silence.jobs(onOffline), ...this.retention.jobs(), ...this.upkeep.jobs()];
  }
}
