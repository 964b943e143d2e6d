import type { DatabaseKind } from '#contracts';

/** The states of an inactive agent: its services show as offline, and another agent may report them. */
export const INACTIVE_AGENT_SQL = `('REVOKED', 'DISABLED', 'OFFLINE')`;

/** The states in which an operator has excluded an agent. */
export const EXCLUDED_AGENT_SQL = `('REVOKED', 'DISABLED')`;

/** Whether an agent has been silent for too long. Needs `:agentCutoff`. */
export const AGENT_SILENT_SQL = `(agent.last_heartbeat_at IS NULL OR agent.last_heartbeat_at < :agentCutoff)`;

/**
 * The status a service is shown with, as SQL over the aliases `service` and `agent`: the one rule that
 * lists, filters, counts and details share. Needs `:agentCutoff` and `:reportCutoff`.
 */
export const SERVICE_STATUS_SQL = `CASE
  WHEN agent.status IN ${INACTIVE_AGENT_SQL} THEN 'OFFLINE'
  WHEN ${AGENT_SILENT_SQL} THEN 'STALE'
  WHEN service.last_reported_at < :reportCutoff THEN 'STALE'
  WHEN service.health_status = 'UP' THEN 'HEALTHY'
  WHEN service.health_status IN ('DEGRADED', 'DOWN') THEN 'UNHEALTHY'
  ELSE 'UNKNOWN' END`;

const IS_REQUESTED = `(label.key IN (:...label) OR label.key || ':' || %value IN (:...label))`;

/** PostgreSQL cannot read JSON text with half a surrogate pair, which is valid JSON: such a manifest has no labels here. */
const POSTGRES_LABELS = `CASE
  WHEN strpos(service.manifest, '\\ud') > 0 THEN '{}'
  WHEN json_typeof(CAST(service.manifest AS json) -> 'labels') = 'object' THEN CAST(service.manifest AS json) -> 'labels'
  ELSE '{}' END`;

/**
 * Whether a `service` has one of the labels `:...label`, each a key or `key:value`, as SQL. Only text values are labels,
 * as in the responses.
 */
export const HAS_LABEL_SQL: Readonly<Record<DatabaseKind, string>> = {
  sqlite: `EXISTS (SELECT 1 FROM json_each(service.manifest, '$.labels') AS label
    WHERE label.type = 'text' AND ${IS_REQUESTED.replace('%value', 'label.value')})`,
  postgres: `EXISTS (SELECT 1 FROM json_each(${POSTGRES_LABELS}) AS label
    WHERE json_typeof(label.value) = 'string' AND ${IS_REQUESTED.replace('%value', `(label.value #>> '{}')`)})`,
};
