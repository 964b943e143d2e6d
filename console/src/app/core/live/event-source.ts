import { InjectionToken } from '@angular/core';

/** What the console uses of an `EventSource`. */
export interface EventStream extends EventTarget {
  readonly readyState: number;
  readonly CLOSED: number;
  close(): void;
}

/** Opens the stream at this address: the browser's own, except in specs. */
export const EVENT_SOURCE = new InjectionToken<(url: string) => EventStream>('EVENT_SOURCE', {
  factory: () => (url) => new EventSource(url),
});
