import type { CapsuleService, CapsuleServiceStatus, DashboardOverview } from '#contracts';

export type ServiceCounts = DashboardOverview['serviceCounts'];

/** How many services of a status there are beyond those that are shown. */
export interface HiddenServices {
  readonly status: CapsuleServiceStatus;
  readonly count: number;
}

/** What to look at first comes first. */
const ORDER: readonly CapsuleServiceStatus[] = ['UNHEALTHY', 'OFFLINE', 'STALE', 'UNKNOWN', 'HEALTHY'];

/** What is left out, by status; empty when everything is shown. */
export const hiddenServices = (shown: readonly CapsuleService[], counts: ServiceCounts): readonly HiddenServices[] =>
  ORDER.map((status) => ({
    status,
    count: counts[status] - shown.filter((service) => service.status === status).length,
  })).filter(({ count }) => count > 0);

/** The worst first; those of a status keep their order. */
export const worstFirst = (services: readonly CapsuleService[]): readonly CapsuleService[] =>
  [...services].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
