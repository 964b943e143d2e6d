import { computed, signal, type Signal } from '@angular/core';
import type { AuditEvent, AuditSummary } from '#contracts';
import type { LiveResource } from '../../../core/live/live-resource';
import type { AuditApi } from '../audit-api';
import type { AuditFilters } from '../audit-filters';

export interface AuditCounts {
  readonly summary: LiveResource<AuditSummary>;
  /** Whether the list shows events that are newer than the counts. */
  readonly areBehind: Signal<boolean>;
  /** Reads the counts again, of a moving range as it is now. */
  readAgain(): void;
}

/** The counts of what is filtered. They cost more than the list, and are read with the filters and on `readAgain()`. */
export const auditCounts = (
  api: Pick<AuditApi, 'summary'>,
  filters: Pick<AuditFilters, 'atOnce' | 'isMoving'>,
  shown: () => readonly AuditEvent[],
): AuditCounts => {
  const round = signal(0);
  const summary = api.summary(
    computed(() => {
      round();
      return filters.atOnce();
    }),
  );
  return {
    summary,
    areBehind: computed(() => {
      const [to, newest] = [summary.value()?.to, shown()[0]?.createdAt];
      return to !== undefined && newest !== undefined && newest >= to;
    }),
    readAgain: () => {
      if (summary.isRefreshing()) return;
      // A moving range has another address by now.
      if (filters.isMoving()) round.update((count) => count + 1);
      else summary.reload();
    },
  };
};
