import type {
  CapsuleService,
  CapsuleServiceStatus,
  ConfigItem,
  CurrentHealth,
  HealthReport,
  Manifest,
  ServiceAction,
} from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import type { AgentEntity } from '../agent.entity.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import type { HealthReportEntity } from './health/health-report.entity.js';
import type { ServiceActionEntity } from './service-action.entity.js';
import type { ServiceConfigEntity } from './service-config.entity.js';

/** A service with its agent, and the status that follows from both. */
export interface ServiceWithStatus {
  readonly service: CapsuleServiceEntity;
  readonly agent: AgentEntity;
  readonly status: CapsuleServiceStatus;
  readonly agentSilent: boolean;
}

/** An action that can be run, and its service. */
export interface ActionTarget {
  readonly target: ServiceWithStatus;
  readonly action: ServiceActionEntity;
}

/** A service as lists show it. */
export const toCapsuleService = ({ service, agent, status, agentSilent }: ServiceWithStatus): CapsuleService => ({
  id: service.id,
  code: service.code,
  name: service.name,
  description: service.description,
  version: service.version,
  runtime: service.runtime,
  agentId: agent.id,
  agentCode: agent.code,
  agentName: agent.name,
  agentStatus: agent.status,
  agentLastSeenAt: toInstantOrNull(agent.lastHeartbeatAt),
  agentSilent,
  status,
  healthStatus: service.healthStatus,
  healthMessage: service.healthMessage,
  healthSince: toInstantOrNull(service.healthSince),
  labels: labelsOf(service.manifest),
  lastReportedAt: toInstant(service.lastReportedAt),
  retiredAt: toInstantOrNull(service.retiredAt),
  createdAt: toInstant(service.createdAt),
  updatedAt: toInstant(service.updatedAt),
});

/** The present health, with the id of the last stored transition: of a flapping service it may be another one's. */
export const toLatestHealth = (
  transition: HealthReportEntity | null,
  { healthStatus, healthMessage, healthDetails, healthSince }: CapsuleServiceEntity,
): HealthReport | null => {
  if (!transition) return null;
  const latest = { ...toHealthReport(transition), message: healthMessage, details: healthDetails };
  if (healthStatus === transition.status || !healthSince) return latest;
  const { leftOut, ...known } = latest;
  return { ...known, status: healthStatus, reportedAt: toInstant(healthSince) };
};

/** The present health with every field, also of a service that has reported none. */
export const toCurrentHealth = (
  { id, healthStatus, healthMessage, healthDetails }: CapsuleServiceEntity,
  latest: HealthReport | null,
): CurrentHealth =>
  latest ?? {
    id: null,
    serviceId: id,
    status: healthStatus,
    message: healthMessage,
    details: healthDetails,
    reportedAt: null,
  };

/** A health transition. */
export const toHealthReport = (report: HealthReportEntity): HealthReport => ({
  id: report.id,
  serviceId: report.serviceId,
  status: report.status,
  message: report.message,
  details: report.details,
  reportedAt: toInstant(report.reportedAt),
  ...(report.leftOut && { leftOut: report.leftOut }),
});

/** A configuration item; the row of a sensitive one holds no value. */
export const toConfigItem = (item: ServiceConfigEntity): ConfigItem => ({
  id: item.id,
  serviceId: item.serviceId,
  key: item.key,
  type: item.type,
  label: item.label,
  source: item.source,
  editable: item.editable,
  sensitive: item.sensitive,
  configured: item.configured,
  valuePreview: item.valuePreview,
  defaultValue: item.defaultValue,
  secretRef: item.secretRef,
  updatedAt: toInstant(item.updatedAt),
});

/** A declared action. */
export const toServiceAction = (action: ServiceActionEntity): ServiceAction => ({
  id: action.id,
  serviceId: action.serviceId,
  name: action.name,
  label: action.label,
  description: action.description,
  category: action.category,
  order: action.order,
  dangerLevel: action.dangerLevel,
  requiresConfirmation: action.requiresConfirmation,
  inputSchema: action.inputSchema,
  timeoutSeconds: action.timeoutSeconds,
  enabled: action.enabled,
});

/** The labels of a manifest; entries that are not text are ignored. */
const labelsOf = (manifest: Manifest): Readonly<Record<string, string>> => {
  const labels: unknown = manifest.labels;
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};
