import type { AppConfig } from './app-config.js';

/**
 * The least offline threshold, in seconds, with which a healthy agent is never offline: two heartbeats, so that one may be
 * late.
 */
export const leastOfflineThresholdSeconds = ({
  agentHeartbeatIntervalSeconds,
}: Pick<AppConfig, 'agentHeartbeatIntervalSeconds'>): number => 2 * agentHeartbeatIntervalSeconds;
