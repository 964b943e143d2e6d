import { computed, type Signal } from '@angular/core';
import type { CapsuleServiceDetail, Instant } from '#contracts';

const HOUR_MS = 3_600_000;

/** The start of the shown history; recomputed when the service reports other health, so that it is read again. */
export const recentFrom = (service: Signal<CapsuleServiceDetail>, hours: () => number): Signal<Instant> => {
  const latest = computed(() => service().health?.id);
  return computed(() => {
    latest();
    return new Date(Date.now() - hours() * HOUR_MS).toISOString();
  });
};
