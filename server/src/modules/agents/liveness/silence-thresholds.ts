import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { LiveSettings } from '../settings/live-settings.js';

/** How long an agent may be silent. */
@Injectable()
export class OfflineThreshold {
  readonly #startedAt: Date;

  constructor(
    private readonly settings: LiveSettings,
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
