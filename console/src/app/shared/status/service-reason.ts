import type { AgentStatus, CapsuleService, Instant } from '#contracts';
import type { KeyPart } from '../../core/i18n/text-key';

type ReasonKey = KeyPart<'services.why.'>;

/** Why a service has its status: a key under `services.why`, the parameters, and since when. */
export interface ServiceReason {
  readonly key: ReasonKey;
  readonly params: Readonly<Record<string, string>>;
  readonly since: Instant | null;
}

/** A service is offline when its agent is not online. */
const OFFLINE_REASONS: Readonly<Record<AgentStatus, ReasonKey>> = {
  ONLINE: 'AGENT_OFFLINE',
  PENDING: 'AGENT_OFFLINE',
  OFFLINE: 'AGENT_OFFLINE',
  DISABLED: 'AGENT_DISABLED',
  REVOKED: 'AGENT_REVOKED',
};

const agentCase = (service: CapsuleService): ReasonKey | null => {
  if (service.status === 'OFFLINE') return OFFLINE_REASONS[service.agentStatus];
  if (service.status !== 'STALE' || !service.agentSilent) return null;
  return service.agentLastSeenAt === null ? 'AGENT_UNHEARD' : 'AGENT_SILENT';
};

/** The reason of a service's status, in the order of the server's rule: retired, agent, last report, health. */
export const serviceReason = (service: CapsuleService): ServiceReason => {
  const params = { agent: service.agentName, message: service.healthMessage ?? '' };
  if (service.retiredAt !== null) return { key: 'RETIRED', params, since: service.retiredAt };
  const ofAgent = agentCase(service);
  if (ofAgent !== null) return { key: ofAgent, params, since: service.agentLastSeenAt };
  if (service.status === 'STALE') return { key: 'REPORT_OLD', params, since: service.lastReportedAt };
  const key = service.healthMessage ? (`${service.healthStatus}_SAID` as const) : service.healthStatus;
  return { key, params, since: service.healthSince };
};
