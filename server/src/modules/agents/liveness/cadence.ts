import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import type { AgentCadence } from '#contracts';
import { AppConfig } from '../../../config/app-config.js';
import { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';

/** Below the 60 seconds after which common proxies cut an idle connection, with room for two missed polls. */
const LONG_POLL_SECONDS = 25;

const WINDOW_MS = 5_000;

type Intervals = Pick<AppConfig, 'agentHeartbeatIntervalSeconds' | 'commandPollIntervalSeconds'>;

/** Measures how busy the serving thread is. */
class EventLoopLoad {
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #sinceMs = performance.now();
  #utilization = 0;

  /** The share of the last seconds in which the thread was busy, 0 to 1. */
  utilization(): number {
    const now = performance.now();
    if (now - this.#sinceMs >= WINDOW_MS) {
      const total = performance.eventLoopUtilization();
      this.#utilization = performance.eventLoopUtilization(total, this.#since).utilization;
      this.#since = total;
      this.#sinceMs = now;
    }
    return this.#utilization;
  }
}

/** Tells agents how often to call: as configured, less often while the server is busy. */
@Injectable()
export class Cadence {
  readonly #load = new EventLoopLoad();

  constructor(
    private readonly config: AppConfig,
    private readonly settings: MaintenanceSettingsService,
  ) {}

  /** The intervals for now, as a new object. */
  current(): Required<AgentCadence> {
    return cadenceAt(this.#load.utilization(), this.config, this.settings.current.agentOfflineThresholdSeconds);
  }
}

/** The intervals for a server that is busy for the share `utilization` of its time. */
export const cadenceAt = (
  utilization: number,
  { agentHeartbeatIntervalSeconds: heartbeat, commandPollIntervalSeconds: poll }: Intervals,
  agentOfflineThresholdSeconds: number,
): Required<AgentCadence> => {
  const factor = stretchFactor(utilization);
  // An agent that keeps to the longer interval must not count as silent.
  const longest = Math.max(heartbeat, Math.floor(agentOfflineThresholdSeconds / 2));
  return {
    heartbeatIntervalSeconds: Math.min(heartbeat * factor, longest),
    commandPollIntervalSeconds: Math.min(poll * factor, Math.max(poll, longest)),
    longPollSeconds: LONG_POLL_SECONDS,
  };
};

const stretchFactor = (utilization: number): number => {
  if (utilization > 0.9) return 4;
  return utilization > 0.75 ? 2 : 1;
};
