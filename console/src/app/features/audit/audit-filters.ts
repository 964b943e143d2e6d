import { computed, linkedSignal, type Signal } from '@angular/core';
import { listQuery, type ListQuery } from '../../shared/list/list-query';

/** How far back, in seconds; `custom` takes `from` and `to`, and `any` is everything. */
export const AUDIT_RANGES = { hour: 3_600, day: 86_400, week: 604_800 } as const;
export const RANGE_NAMES = ['any', 'hour', 'day', 'week', 'custom'] as const;

const DEFAULTS = {
  page: 1,
  sort: '-createdAt',
  action: [] as readonly string[],
  actorType: [] as readonly string[],
  result: [] as readonly string[],
  targetType: [] as readonly string[],
  actorId: '',
  targetId: '',
  range: 'any',
  from: '',
  to: '',
};
export type AuditQuery = typeof DEFAULTS;

export interface AuditFilters {
  readonly query: ListQuery<AuditQuery>;
  /** The page, order and filters as the API takes them. */
  readonly search: Signal<string>;
  /** The same without the start of a moving range: identical whenever it is asked. */
  readonly identity: Signal<string>;
  /** The filters alone, for the export. */
  readonly filters: Signal<string>;
  /** The filters for a summary, with a moving range as of the call; it changes with the filters alone. */
  readonly atOnce: () => string;
  /** Whether the range, and so the address, moves with time. */
  readonly isMoving: Signal<boolean>;
}

const startOf = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const secondsOf = (range: string): number | undefined =>
  Object.entries(AUDIT_RANGES).find(([name]) => name === range)?.[1];

const withoutPage = (search: string): string => {
  const params = new URLSearchParams(search);
  params.delete('page');
  params.delete('sort');
  return params.toString();
};

const withStart = (search: string, from: string): string => {
  const params = new URLSearchParams(search);
  if (from !== '') params.set('from', from);
  return params.toString();
};

/**
 * The audit's filters, in the URL. A range such as the last hour moves with every `tick`, unless `isHeld`, while the
 * operator is reading.
 */
export const auditFilters = (tick: () => number, isHeld: () => boolean): AuditFilters => {
  const query = listQuery<AuditQuery>(DEFAULTS);
  const seconds = computed(() => secondsOf(query.value().range));
  const from = linkedSignal<{ seconds: number | undefined; tick: number; isHeld: boolean }, string>({
    source: () => ({ seconds: seconds(), tick: seconds() === undefined ? 0 : tick(), isHeld: isHeld() }),
    computation: (now, previous) => {
      if (now.seconds === undefined) return '';
      if (now.isHeld && previous?.source.seconds === now.seconds) return previous.value;
      return startOf(now.seconds);
    },
  });
  /** Everything except the start of a moving range. */
  const still = computed(() => {
    const params = new URLSearchParams(query.search());
    const range = params.get('range');
    params.delete('range');
    if (range !== 'custom') {
      params.delete('from');
      params.delete('to');
    }
    return params.toString();
  });
  const stillFilters = computed(() => withoutPage(still()));
  const search = computed(() => withStart(still(), from()));
  return {
    query,
    search,
    identity: computed(() => `${query.value().range} ${still()}`),
    filters: computed(() => withStart(stillFilters(), from())),
    atOnce: () => {
      const length = seconds();
      if (length !== undefined) return withStart(stillFilters(), startOf(length));
      const params = new URLSearchParams(stillFilters());
      params.set('all', 'true');
      return params.toString();
    },
    isMoving: computed(() => seconds() !== undefined),
  };
};
