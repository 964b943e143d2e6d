import type { CapsuleService, CapsuleServiceStatus, DashboardOverview } from '#contracts';

export type ServiceCounts = DashboardOverview['serviceCounts'];

/** How many services of a status there are beyond those that are shown. */
export interface HiddenServices {
  readonly status: CapsuleServiceStatus;
  readonly count: number;
}

/** Most urgent first. */
const ORDER: readonly CapsuleServiceStatus[] = ['UNHEALTHY', 'OFFLINE', 'STALE', 'UNKNOWN', 'HEALTHY'];

/** The hidden services by status; empty when all are shown. */
export const hiddenServices = (shown: readonly CapsuleService[], counts: ServiceCounts): readonly HiddenServices[] =>
  ORDER.map((status) => ({
    status,
    count: counts[status] - shown.filter((service) => service.status === status).length,
  })).filter(({ count }) => count > 0);

/** Sorted by severity, otherwise in the given order. */
export const worstFirst = (services: readonly CapsuleService[]): readonly CapsuleService[] =>
  [...services].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
