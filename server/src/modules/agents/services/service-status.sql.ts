import type { DatabaseKind } from '#contracts';
import { StatusCutoffs } from '../liveness/silence-thresholds.js';

/** Agents in one of these states are gone: their services show as offline, and may be reported by another agent. */
export const INACTIVE_AGENT_SQL = `('REVOKED', 'DISABLED', 'OFFLINE')`;

/** Whether an agent has been silent too long. Needs the parameters of {@link StatusCutoffs}. */
export const AGENT_SILENT_SQL = `(agent.last_heartbeat_at IS NULL OR agent.last_heartbeat_at < :agentCutoff)`;

/**
 * The status a service is shown with (CONTRACT 7), as SQL over the aliases `service` and `agent`: the one rule that
 * lists, filters, counts and details share. Needs the parameters of {@link StatusCutoffs}.
 */
export const SERVICE_STATUS_SQL = `CASE
  WHEN agent.status IN ${INACTIVE_AGENT_SQL} THEN 'OFFLINE'
  WHEN ${AGENT_SILENT_SQL} THEN 'STALE'
  WHEN service.last_reported_at < :reportCutoff THEN 'STALE'
  WHEN service.health_status = 'UP' THEN 'HEALTHY'
  WHEN service.health_status IN ('DEGRADED', 'DOWN') THEN 'UNHEALTHY'
  ELSE 'UNKNOWN' END`;

const IS_ASKED_FOR = `(label.key IN (:...label) OR label.key || ':' || %value IN (:...label))`;

/** PostgreSQL reads no text with half a surrogate pair, which is a text all the same: such a manifest has no labels here. */
const POSTGRES_LABELS = `CASE
  WHEN strpos(service.manifest, '\\ud') > 0 THEN '{}'
  WHEN json_typeof(CAST(service.manifest AS json) -> 'labels') = 'object' THEN CAST(service.manifest AS json) -> 'labels'
  ELSE '{}' END`;

/**
 * Whether a `service` has one of the labels `:...label`, each a key or `key:value`, as SQL. What is no text is no label,
 * here as where labels are shown.
 */
export const HAS_LABEL_SQL: Readonly<Record<DatabaseKind, string>> = {
  sqlite: `EXISTS (SELECT 1 FROM json_each(service.manifest, '$.labels') AS label
    WHERE label.type = 'text' AND ${IS_ASKED_FOR.replace('%value', 'label.value')})`,
  postgres: `EXISTS (SELECT 1 FROM json_each(${POSTGRES_LABELS}) AS label
    WHERE json_typeof(label.value) = 'string' AND ${IS_ASKED_FOR.replace('%value', `(label.value #>> '{}')`)})`,
};
