import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import type { AgentCadence } from '#contracts';
import { AppConfig } from '../../../config/app-config.js';
import { MaintenanceSettingsService } from '../../settings/maintenance-settings.service.js';

const WINDOW_MS = 5_000;

/** How busy this process is. */
@Injectable()
export class EventLoopLoad {
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #sinceMs = performance.now();
  #share = 0;

  /** The share of its time that the serving thread worked, 0 to 1, over a window of the last seconds. */
  utilization(): number {
    const now = performance.now();
    if (now - this.#sinceMs >= WINDOW_MS) {
      const total = performance.eventLoopUtilization();
      this.#share = performance.eventLoopUtilization(total, this.#since).utilization;
      this.#since = total;
      this.#sinceMs = now;
    }
    return this.#share;
  }
}

/** Below the 60 seconds after which common proxies cut a silent connection, with room for two missed turns. */
export const LONG_POLL_SECONDS = 25;

/** How often agents are to call: as configured, less often while the server is busy. */
@Injectable()
export class CadenceService {
  constructor(
    private readonly config: AppConfig,
    private readonly settings: MaintenanceSettingsService,
    private readonly load: EventLoopLoad,
  ) {}

  current(): Required<AgentCadence> {
    const { agentHeartbeatIntervalSeconds: heartbeat, commandPollIntervalSeconds: poll } = this.config;
    const stretch = stretchAt(this.load.utilization());
    // An agent that follows it must not look silent.
    const longest = Math.max(heartbeat, Math.floor(this.settings.current.agentOfflineThresholdSeconds / 2));
    return {
      heartbeatIntervalSeconds: Math.min(heartbeat * stretch, longest),
      commandPollIntervalSeconds: Math.min(poll * stretch, Math.max(poll, longest)),
      longPollSeconds: LONG_POLL_SECONDS,
    };
  }
}

/** By how much to stretch the intervals at a share of busy time. */
const stretchAt = (share: number): number => {
  if (share > 0.9) return 4;
  return share > 0.75 ? 2 : 1;
};
