import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';

/** A pause of half a threshold makes the server listen anew, within these bounds. */
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10_000;

/** Decides how long agents and services may be silent, and whether the server has listened long enough to judge them. */
@Injectable()
export class SilenceThresholds {
  readonly #startedMs: number;

  constructor(
    private readonly settings: MaintenanceSettingsService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {
    this.#startedMs = clock.elapsedMs();
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

  /**
   * How many seconds the server still listens before it judges silence; 0 when it may. After its start, a pause or a jump of
   * the clock it listens for a full offline threshold: before that, silence may be its own fault.
   */
  listeningSeconds(): number {
    const thresholdMs = this.settings.current.agentOfflineThresholdSeconds * 1_000;
    const pauseMs = Math.min(Math.max(thresholdMs / 2, MIN_PAUSE_MS), MAX_PAUSE_MS);
    const since = this.clock.resumedAtMs(pauseMs) ?? this.#startedMs;
    const leftMs = Math.max(since, this.#startedMs) + thresholdMs - this.clock.elapsedMs();
    return leftMs > 0 ? Math.ceil(leftMs / 1_000) : 0;
  }

  /** Whether silence may be judged; see {@link listeningSeconds}. */
  hasListenedLongEnough(): boolean {
    return this.listeningSeconds() === 0;
  }
}
