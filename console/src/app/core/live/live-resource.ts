import { httpResource } from '@angular/common/http';
import { computed, effect, inject, linkedSignal, untracked, type Signal } from '@angular/core';
import { toApiError, type ApiError } from '../api/api-error';
import { Refresh, type Due } from './refresh';

/** A view of something on the server. While it is read again the last value stays, so that nothing jumps. */
export interface LiveResource<T> {
  /** Undefined until the first answer. While another query of the same list is read, still that of the last one. */
  readonly value: Signal<T | undefined>;
  /** Whether the value answers the current address, and not an earlier query of the same path. */
  readonly isOfThisAddress: Signal<boolean>;
  /** Why the last read failed. With a value beside it, the value is the last known one. */
  readonly error: Signal<ApiError | null>;
  /** The first read is under way. */
  readonly isLoading: Signal<boolean>;
  /** A later read is under way: what is shown may change. */
  readonly isRefreshing: Signal<boolean>;
  /** Reads again; while a read is under way, right after it. */
  reload(): void;
}

export interface LiveOptions {
  /** Reads only when the address changes or `reload()` is called. */
  readonly once?: boolean;
  /** Whether to take part in the refresh that is due; default yes. A page has one live resource at a time. */
  readonly live?: (why: Due) => boolean;
  /** What makes two addresses the same query: all but the moving start of a time range, say. Default the address. */
  readonly identity?: () => string;
}

interface Reading<T> {
  /** A value of another path is never shown. */
  readonly path: string;
  readonly identity: string;
  readonly value: T | undefined;
}

const keepLast = <T>(now: Reading<T>, last: Reading<T> | undefined): Reading<T> =>
  now.value === undefined && last?.path === now.path ? last : now;

/** Reads `url()` now, whenever it changes, and with every refresh; `undefined` reads nothing. */
export const liveResource = <T>(url: () => string | undefined, options: LiveOptions = {}): LiveResource<T> => {
  const { once = false, live = () => !once, identity = () => url() ?? '' } = options;
  const resource = httpResource<T>(url);
  let due: 'reload' | 'news' | null = null;
  const reload = (): void => {
    if (untracked(resource.isLoading)) due = 'reload';
    else resource.reload();
  };
  inject(Refresh).follow(url, (why) => {
    if (!live(why)) return;
    // Never cuts a read off: it may have been answered already, and some answers come once. But its answer may be older
    // than the news.
    if (!resource.isLoading()) resource.reload();
    else if (why === 'news') due ??= 'news';
  });
  effect(() => {
    if (resource.isLoading() || due === null) return;
    const isDue = due === 'reload' || untracked(() => live('news'));
    due = null;
    if (isDue) resource.reload();
  });
  const reading = linkedSignal<Reading<T>, Reading<T>>({
    source: () => ({
      path: url()?.split('?')[0] ?? '',
      identity: identity(),
      value: resource.hasValue() ? resource.value() : undefined,
    }),
    computation: (now, previous) => keepLast(now, previous?.value),
  });
  const value = computed(() => reading().value);
  const error = computed(() => {
    const thrown = resource.error();
    return thrown === undefined ? null : toApiError(thrown.cause ?? thrown);
  });
  return {
    value,
    isOfThisAddress: computed(() => reading().identity === identity()),
    error,
    isLoading: computed(() => value() === undefined && error() === null),
    isRefreshing: computed(() => resource.isLoading() && (value() !== undefined || error() !== null)),
    reload,
  };
};
