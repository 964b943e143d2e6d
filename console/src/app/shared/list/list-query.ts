import { computed, inject, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, type ParamMap } from '@angular/router';

/** The query of a list: texts, numbers and lists of texts, by the names of the API. */
export type ListQueryShape = Readonly<Record<string, string | number | readonly string[]>>;

/** The shape of a query every table can page and sort. */
export type TableQuery = ListQueryShape & { readonly page: number; readonly sort: string };

export interface ListQuery<Q extends ListQueryShape> {
  readonly value: Signal<Q>;
  /** The query string for the API, without empty values. */
  readonly search: Signal<string>;
  /** Whether any filter differs from its default. */
  readonly isFiltered: Signal<boolean>;
  /** Changes the URL; every change except of the page goes back to the first page. */
  set(changes: Partial<Q>): void;
  reset(): void;
}

const read = (fallback: string | number | readonly string[], params: ParamMap, key: string): unknown => {
  if (typeof fallback === 'number') {
    const number = Number(params.get(key));
    return Number.isInteger(number) && number > 0 ? number : fallback;
  }
  if (typeof fallback === 'string') return params.get(key) ?? fallback;
  const values = params.getAll(key);
  return values.length > 0 ? values : fallback;
};

const isDefault = (value: unknown, fallback: unknown): boolean => JSON.stringify(value) === JSON.stringify(fallback);

/** Page, order and filters of a list, kept in the URL, so that a view can be shared and Back works. */
export const listQuery = <Q extends ListQueryShape>(defaults: Q): ListQuery<Q> => {
  const router = inject(Router);
  const route = inject(ActivatedRoute);
  const params = toSignal(route.queryParamMap, { initialValue: route.snapshot.queryParamMap });
  const keys = Object.keys(defaults);
  const value = computed(
    () => Object.fromEntries(keys.map((key) => [key, read(defaults[key] ?? '', params(), key)])) as Q,
    { equal: isDefault },
  );
  const changed = computed(() => keys.filter((key) => !isDefault(value()[key], defaults[key])));
  const navigate = (next: Partial<Q>): void => {
    const queryParams = Object.fromEntries(
      Object.entries(next).map(([key, one]) => [key, isDefault(one, defaults[key]) ? null : one]),
    );
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge' });
  };
  return {
    value,
    search: computed(() => {
      const search = new URLSearchParams();
      for (const key of keys) {
        const one = value()[key];
        for (const item of Array.isArray(one) ? (one as string[]) : [String(one)]) {
          if (item !== '') search.append(key, item);
        }
      }
      return search.toString();
    }),
    isFiltered: computed(() => changed().some((key) => key !== 'page' && key !== 'pageSize' && key !== 'sort')),
    set: (changes) => {
      navigate({ ...('page' in defaults && !('page' in changes) && { page: 1 }), ...changes });
    },
    reset: () => {
      navigate(defaults);
    },
  };
};
