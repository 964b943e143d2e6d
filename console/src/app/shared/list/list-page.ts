import { computed, type Signal } from '@angular/core';
import type { Page } from '#contracts';
import type { TextKey } from '../../core/i18n/text-key';
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

/** How the value of a filter without a field is shown. */
export interface ChipLook<T> {
  readonly text: TextKey;
  /** What to call the value; the rows often know the name of an id. */
  readonly nameOf: (value: string, rows: readonly T[]) => string;
}

interface ListPageOptions<Q, T> {
  readonly defaults: Q;
  readonly read: (search: Signal<string>) => LiveResource<Page<T>>;
  /** The filters that are shown as chips. */
  readonly chips?: { readonly [field in keyof Q]?: ChipLook<T> };
}

/** The query, rows and chips of a list page. Call it where `inject` works. */
export const listPage = <Q extends TableQuery, T>(options: ListPageOptions<Q, T>): ListPage<Q, T> => {
  const query = listQuery<Q>(options.defaults);
  const resource = options.read(query.search);
  const rows = computed(() => resource.value()?.data ?? []);
  const looks = Object.entries(options.chips ?? {}) as [keyof Q & string, ChipLook<T>][];
  const chips = computed(() =>
    looks.flatMap(([field, { text, nameOf }]) =>
      [query.value()[field]].flat().map((one) => {
        const value = String(one);
        return { field, value, text, name: nameOf(value, rows()) };
      }),
    ),
  );
  return { query, resource, rows, chips };
};
