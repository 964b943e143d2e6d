import { computed, type Signal } from '@angular/core';
import type { CapsuleServiceDetail, Instant } from '#contracts';

const HOUR_MS = 3_600_000;

/** From when a history is shown; anew whenever the service says something else, so that it is read again. */
export const recentFrom = (service: Signal<CapsuleServiceDetail>, hours: () => number): Signal<Instant> => {
  const latest = computed(() => service().health?.id);
  return computed(() => {
    latest();
    return new Date(Date.now() - hours() * HOUR_MS).toISOString();
  });
};
