import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { MaintenanceReport, MaintenanceSettings, UpdateMaintenanceSettingsRequest } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { WORKSPACE } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { LiveSettings } from '../settings/live-settings.js';
import { MaintenanceRunner } from './maintenance-runner.js';

@Injectable()
export class MaintenanceService {
  constructor(
    private readonly db: Database,
    private readonly runner: MaintenanceRunner,
    private readonly settings: LiveSettings,
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
