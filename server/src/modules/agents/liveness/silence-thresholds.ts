import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';

/** How long an agent may be silent. */
@Injectable()
export class SilenceThresholds {
  readonly #startedAt: Date;

  constructor(
    private readonly settings: MaintenanceSettingsService,
    private readonly clock: Clock,
  ) {
    this.#startedAt = clock.now();
  }

  /** An agent last heard of before this instant is silent. */
  cutoff(): Date {
    return this.clock.secondsFromNow(-this.settings.current.agentOfflineThresholdSeconds);
  }

  /** Whether the server itself has listened for a full threshold: before that, silence may be its own. */
  hasListenedLongEnough(): boolean {
    return this.#startedAt <= this.cutoff();
  }
}

/** The instants the status depends on, now. */
@Injectable()
export class StatusCutoffs {
  constructor(
    private readonly threshold: SilenceThresholds,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  parameters(): { readonly agentCutoff: number; readonly reportCutoff: number } {
    return {
      agentCutoff: this.threshold.cutoff().getTime(),
      reportCutoff: this.clock.secondsFromNow(-this.config.serviceStaleThresholdSeconds).getTime(),
    };
  }
}
