import { InjectionToken } from '@angular/core';

/** The part of `EventSource` that the console uses. */
export interface EventStream extends EventTarget {
  readonly readyState: number;
  readonly CLOSED: number;
  close(): void;
}

/** Opens the stream at an address: the browser's `EventSource`, except in specs. */
export const EVENT_SOURCE = new InjectionToken<(url: string) => EventStream>('EVENT_SOURCE', {
  factory: () => (url) => new EventSource(url),
});
