import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';

/** Decides how long agents and services may be silent. */
@Injectable()
export class SilenceThresholds {
  readonly #startedAt: Date;

  constructor(
    private readonly settings: MaintenanceSettingsService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {
    this.#startedAt = clock.now();
  }

  /** An agent last seen before this instant is silent. */
  agentCutoff(): Date {
    return this.clock.secondsFromNow(-this.settings.current.agentOfflineThresholdSeconds);
  }

  /** A service last reported before this instant is stale. */
  reportCutoff(): Date {
    return this.clock.secondsFromNow(-this.config.serviceStaleThresholdSeconds);
  }

  /** Both cutoffs in milliseconds, for the SQL that derives a service's status. */
  sqlParameters(): { readonly agentCutoff: number; readonly reportCutoff: number } {
    return { agentCutoff: this.agentCutoff().getTime(), reportCutoff: this.reportCutoff().getTime() };
  }

  /** Whether the server has been up for a full threshold: before that, silence may be the server's own fault. */
  hasListenedLongEnough(): boolean {
    return this.#startedAt <= this.agentCutoff();
  }
}
