import { computed, type Signal } from '@angular/core';
import type { Page } from '#contracts';
import type { LiveResource } from '../../core/live/live-resource';
import type { FilterChip } from './filter-bar';
import { listQuery, type ListQuery, type TableQuery } from './list-query';

/** What a page with a list works on. */
export interface ListPage<Q extends TableQuery, T> {
  /** Page, order and filters, kept in the URL. */
  readonly query: ListQuery<Q>;
  readonly resource: LiveResource<Page<T>>;
  /** The rows of the page that is shown; empty until they are there. */
  readonly rows: Signal<readonly T[]>;
  /** The filters that have no field of their own. */
  readonly chips: Signal<readonly FilterChip[]>;
}

/** What to call a value of a filter, by the name of the filter. The rows often know the name of an id. */
export type ChipNames<Q, T> = { readonly [key in keyof Q]?: (value: string, rows: readonly T[]) => string };

interface ListPageOptions<Q, T> {
  readonly defaults: Q;
  readonly read: (search: Signal<string>) => LiveResource<Page<T>>;
  /** The texts of the chips are `<texts>.<filter>`. */
  readonly chips?: { readonly texts: string; readonly names: ChipNames<Q, T> };
}

/** The query, rows and chips of a list page. Call it where `inject` works. */
export const listPage = <Q extends TableQuery, T>({ defaults, read, chips }: ListPageOptions<Q, T>): ListPage<Q, T> => {
  const query = listQuery<Q>(defaults);
  const resource = read(query.search);
  const rows = computed(() => resource.value()?.data ?? []);
  const names = Object.entries(chips?.names ?? {}) as [
    keyof Q & string,
    (value: string, rows: readonly T[]) => string,
  ][];
  const chipsOf = (field: keyof Q & string, nameOf: (value: string, rows: readonly T[]) => string): FilterChip[] =>
    [query.value()[field]].flat().map((one) => {
      const value = String(one);
      return { field, value, text: `${chips?.texts ?? ''}.${field}`, name: nameOf(value, rows()) };
    });
  return { query, resource, rows, chips: computed(() => names.flatMap(([field, nameOf]) => chipsOf(field, nameOf))) };
};
