import type { CapsuleService, CapsuleServiceStatus } from '#contracts';
import { serviceReason, type ServiceReason } from '../../../shared/status/service-reason';

/** From here on services that are in trouble only because of their agent are one trouble: the agent's. */
const MANY = 3;

/** A service in trouble, or an agent with which several services are. */
export interface Trouble {
  readonly key: string;
  readonly status: CapsuleServiceStatus;
  readonly reason: ServiceReason;
  /** All it is about; of an agent's trouble several. */
  readonly services: readonly [CapsuleService, ...CapsuleService[]];
}

const keyOf = (service: CapsuleService, reason: ServiceReason): string =>
  reason.key.startsWith('AGENT_') ? `${service.agentId} ${reason.key}` : service.id;

/** The services in trouble, in their order; those that share their agent's trouble together where the first one was. */
export const troubleOf = (services: readonly CapsuleService[]): readonly Trouble[] => {
  const troubles = new Map<string, Trouble>();
  for (const service of services) {
    const reason = serviceReason(service);
    const key = keyOf(service, reason);
    const known = troubles.get(key);
    troubles.set(key, known ? { ...known, services: [...known.services, service] } : aTrouble(key, service, reason));
  }
  return [...troubles.values()].flatMap((trouble) =>
    trouble.services.length >= MANY
      ? [trouble]
      : trouble.services.map((service) => aTrouble(service.id, service, trouble.reason)),
  );
};

const aTrouble = (key: string, service: CapsuleService, reason: ServiceReason): Trouble => ({
  key,
  status: service.status,
  reason,
  services: [service],
});
