import type { CapsuleService, Instant } from '#contracts';

/** Why a service is shown as it is: a key under `services.why`, what it names, and since when. */
export interface ServiceReason {
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
  readonly since: Instant | null;
}

const agentCase = (service: CapsuleService): string | null => {
  if (service.status === 'OFFLINE') return `AGENT_${service.agentStatus}`;
  if (service.status !== 'STALE' || !service.agentSilent) return null;
  return service.agentLastSeenAt === null ? 'AGENT_UNHEARD' : 'AGENT_SILENT';
};

/** The first thing that decided, in the order of the server's rule: retired, agent, last report, health. */
export const serviceReason = (service: CapsuleService): ServiceReason => {
  const params = { agent: service.agentName, message: service.healthMessage ?? '' };
  if (service.retiredAt !== null) return { key: 'RETIRED', params, since: service.retiredAt };
  const ofAgent = agentCase(service);
  if (ofAgent !== null) return { key: ofAgent, params, since: service.agentLastSeenAt };
  if (service.status === 'STALE') return { key: 'REPORT_OLD', params, since: service.lastReportedAt };
  const key = service.healthMessage ? `${service.healthStatus}_SAID` : service.healthStatus;
  return { key, params, since: service.healthSince };
};
