import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { OfflineThreshold } from '../agents/offline-threshold.js';

/** Agents in one of these states are gone: their services show as offline, and may be reported by another agent. */
export const GONE_SQL = `('REVOKED', 'DISABLED', 'OFFLINE')`;

/** Whether an agent has been silent too long. Needs the parameters of {@link StatusCutoffs}. */
export const AGENT_SILENT_SQL = `(agent.last_heartbeat_at IS NULL OR agent.last_heartbeat_at < :agentCutoff)`;

/**
 * The status a service is shown with (CONTRACT 7), as SQL over the aliases `service` and `agent`: the one rule that
 * lists, filters, counts and details share. Needs the parameters of {@link StatusCutoffs}.
 */
export const SERVICE_STATUS_SQL = `CASE
  WHEN agent.status IN ${GONE_SQL} THEN 'OFFLINE'
  WHEN ${AGENT_SILENT_SQL} THEN 'STALE'
  WHEN service.last_reported_at < :reportCutoff THEN 'STALE'
  WHEN service.health_status = 'UP' THEN 'HEALTHY'
  WHEN service.health_status IN ('DEGRADED', 'DOWN') THEN 'UNHEALTHY'
  ELSE 'UNKNOWN' END`;

/** The instants the status depends on, now. */
@Injectable()
export class StatusCutoffs {
  constructor(
    private readonly threshold: OfflineThreshold,
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
