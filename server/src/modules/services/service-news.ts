import type { CapsuleServiceId, Health, HeartbeatRequest, ReportedService, ReportServicesRequest } from '#contracts';
import type { KnownHealth } from './known-health.js';
import type { OwnService } from './own-services.js';
import { toServiceContent } from './service-report.js';

/** What a heartbeat says of one of the agent's services. */
export interface HealthReport {
  readonly id: CapsuleServiceId;
  readonly health: Health;
  /** What is known of its health. */
  readonly known: KnownHealth;
}

/** The healths a heartbeat brings, each for the service it means: the named one, else an agent's only one. */
export const healthReports = (own: readonly OwnService[], heartbeat: HeartbeatRequest): readonly HealthReport[] => {
  const meant = heartbeat.serviceId ?? (own.length === 1 ? own[0]?.id : undefined);
  return own.flatMap(({ id, code, health: known }) => {
    const byCode = heartbeat.services?.find((service) => service.code === code)?.health;
    const health = byCode ?? (id === meant ? heartbeat.health : undefined);
    return health ? [{ id, health, known }] : [];
  });
};

/** Whether it differs from what is known. */
export const isNews = ({ health, known }: Pick<HealthReport, 'health' | 'known'>): boolean => !known.isSaidBy(health);

/** Whether a report says exactly what is known of the agent's services. */
export const saysNothingNew = (own: readonly OwnService[], { services, complete }: ReportServicesRequest): boolean => {
  if (complete === true && services.length !== own.length) return false;
  const known = new Map(own.map((service) => [service.code, service]));
  return services.every((reported) => isKnown(known.get(reported.code), reported));
};

const isKnown = (known: OwnService | undefined, reported: ReportedService): boolean => {
  if (known?.contentHash !== toServiceContent(reported).contentHash) return false;
  return !reported.health || known.health.isSaidBy(reported.health);
};
