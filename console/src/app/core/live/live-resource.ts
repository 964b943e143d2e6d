import { httpResource } from '@angular/common/http';
import { computed, effect, inject, linkedSignal, untracked, type Signal } from '@angular/core';
import { toApiError, type ApiError } from '../api/api-error';
import { Refresh, type Due } from './refresh';

/** A view of something on the server. While it is read again, the last value stays: nothing jumps. */
export interface LiveResource<T> {
  /** Undefined until the first answer. */
  readonly value: Signal<T | undefined>;
  /** Why the last reading failed. With a value beside it, the value is what was last known. */
  readonly error: Signal<ApiError | null>;
  /** The first reading is under way. */
  readonly isLoading: Signal<boolean>;
  reload(): void;
}

interface LiveOptions {
  /** Whether it follows the refresh that is due; default yes. A page has one live resource at a time. */
  readonly live?: (why: Due) => boolean;
}

interface Reading<T> {
  /** What the value is of; another path makes it a stranger's. */
  readonly path: string;
  readonly value: T | undefined;
}

/** Reads `url()` now, whenever it changes, and with every refresh; `undefined` reads nothing. */
export const liveResource = <T>(
  url: () => string | undefined,
  { live = () => true }: LiveOptions = {},
): LiveResource<T> => {
  const resource = httpResource<T>(url);
  const readAgain = (): void => {
    if (!resource.isLoading()) resource.reload();
  };
  let isOutdated = false;
  inject(Refresh).follow(url, (why) => {
    if (!live(why)) return;
    // A reading under way is waited for: one that is cut off may have been answered already, and some answers come
    // once. But its answer may be older than the news.
    if (resource.isLoading()) isOutdated ||= why === 'news';
    else resource.reload();
  });
  effect(() => {
    if (resource.isLoading() || !isOutdated) return;
    isOutdated = false;
    if (untracked(() => live('news'))) resource.reload();
  });
  const reading = linkedSignal<Reading<T>, Reading<T>>({
    source: () => ({
      path: url()?.split('?')[0] ?? '',
      value: resource.hasValue() ? resource.value() : undefined,
    }),
    computation: (now, previous) => ({
      path: now.path,
      value: now.value ?? (previous?.value.path === now.path ? previous.value.value : undefined),
    }),
  });
  const error = computed(() => {
    const thrown = resource.error();
    return thrown === undefined ? null : toApiError(thrown.cause ?? thrown);
  });
  return {
    value: computed(() => reading().value),
    error,
    isLoading: computed(() => reading().value === undefined && error() === null),
    reload: readAgain,
  };
};
