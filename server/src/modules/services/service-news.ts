import type { CapsuleServiceId, Health, HeartbeatRequest, ReportedService, ReportServicesRequest } from '#contracts';
import { healthHash, type OwnService } from './own-services.js';
import { toHealthContent, toServiceContent } from './service-report.js';

/** What a heartbeat says of one of the agent's services. */
export interface HealthReport {
  readonly id: CapsuleServiceId;
  readonly health: Health;
  /** What is known of its health; null when it has said nothing yet. */
  readonly knownHash: string | null;
}

/** The healths a heartbeat brings, each for the service it means: the named one, else an agent's only one. */
export const healthReports = (own: readonly OwnService[], heartbeat: HeartbeatRequest): readonly HealthReport[] => {
  const meant = heartbeat.serviceId ?? (own.length === 1 ? own[0]?.id : undefined);
  return own.flatMap(({ id, code, healthHash: knownHash }) => {
    const byCode = heartbeat.services?.find((service) => service.code === code)?.health;
    const health = byCode ?? (id === meant ? heartbeat.health : undefined);
    return health ? [{ id, health, knownHash }] : [];
  });
};

/** Whether it differs from what is known. */
export const isNews = ({ health, knownHash }: Pick<HealthReport, 'health' | 'knownHash'>): boolean =>
  healthHash(toHealthContent(health)) !== knownHash;

/** Whether a report says exactly what is known of the agent's services. */
export const saysNothingNew = (own: readonly OwnService[], { services, complete }: ReportServicesRequest): boolean => {
  if (complete === true && services.length !== own.length) return false;
  const known = new Map(own.map((service) => [service.code, service]));
  return services.every((reported) => isKnown(known.get(reported.code), reported));
};

const isKnown = (known: OwnService | undefined, reported: ReportedService): boolean => {
  if (known?.contentHash !== toServiceContent(reported).contentHash) return false;
  return !reported.health || !isNews({ health: reported.health, knownHash: known.healthHash });
};
