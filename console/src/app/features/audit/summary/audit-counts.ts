import { computed, signal } from '@angular/core';
import type { AuditEvent, AuditSummary } from '#contracts';
import type { LiveResource } from '../../../core/live/live-resource';
import type { Due } from '../../../core/live/refresh';
import type { AuditApi } from '../audit-api';
import type { AuditFilters } from '../audit-filters';

export interface AuditCounts {
  readonly summary: LiveResource<AuditSummary>;
  /** Whether it is their turn to be read instead of the list; then they are. */
  takeTurn(why: Due): boolean;
}

/**
 * The counts of what is filtered. They cost more than the list: they are read with the filters, and after that, when it
 * is only time to look, in turn with the list, once it shows events that are newer than they are.
 */
export const auditCounts = (
  api: Pick<AuditApi, 'summary'>,
  filters: Pick<AuditFilters, 'atOnce' | 'isMoving'>,
  shown: () => readonly AuditEvent[],
): AuditCounts => {
  const turns = signal(0);
  const search = computed(() => {
    turns();
    return filters.atOnce();
  });
  const summary = api.summary(search);
  return {
    summary,
    takeTurn: (why) => {
      const [to, newest] = [summary.value()?.to, shown()[0]?.createdAt];
      if (why === 'news' || to === undefined || newest === undefined || newest < to) return false;
      // A moving range is another address by now.
      if (filters.isMoving()) turns.update((count) => count + 1);
      else summary.reload();
      return true;
    },
  };
};
