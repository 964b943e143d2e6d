import { InjectionToken } from '@angular/core';
import { SharedEventStream } from './shared-event-stream';

/** The part of `EventSource` that the console uses. */
export interface EventStream extends EventTarget {
  readonly readyState: number;
  readonly CLOSED: number;
  close(): void;
}

const CHANNEL = 'opstage-events';

const connect = (url: string): EventStream => new EventSource(url);

/** A stream for all tabs of the browser; for this tab alone where they cannot meet. */
const share = (url: string): EventStream => {
  try {
    return new SharedEventStream(url, { channel: new BroadcastChannel(CHANNEL), storage: localStorage, connect });
  } catch {
    // An old browser, or one that allows no storage.
    return connect(url);
  }
};

/** Opens the stream at an address: the browser's `EventSource`, shared between tabs, except in specs. */
export const EVENT_SOURCE = new InjectionToken<(url: string) => EventStream>('EVENT_SOURCE', {
  factory: () => share,
});
