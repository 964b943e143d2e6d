import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Subject } from 'rxjs';
import type { Change } from '#contracts';
import { EVENT_SOURCE, type EventStream } from './event-source';
import { retryDelayMs } from './retry-delay';

const EVENTS = '/api/admin/events';

/** `reconnecting`: the browser is retrying. `polling`: it has given up; the stream is opened again after a delay. */
export type StreamState = 'live' | 'reconnecting' | 'polling';

/** One change, or `everything` when changes may have been missed. */
export type News = Change | 'everything';

/** The console's single stream of changes. Between `open()` and `close()` it reconnects whenever it is lost. */
@Injectable({ providedIn: 'root' })
export class ChangeStream {
  readonly #connect = inject(EVENT_SOURCE);
  readonly #state = signal<StreamState>('reconnecting');
  readonly #news = new Subject<News>();
  #stream: EventStream | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  readonly state = this.#state.asReadonly();
  readonly news = this.#news.asObservable();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.close();
    });
  }

  /** Does nothing when it is open already. */
  open(): void {
    if (this.#stream === null) this.#start();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#stream?.close();
    this.#stream = null;
    this.#failures = 0;
    this.#state.set('reconnecting');
  }

  #start(): void {
    const stream = this.#connect(EVENTS);
    this.#stream = stream;
    const everything = (): void => {
      this.#news.next('everything');
    };
    stream.addEventListener('open', () => {
      this.#failures = 0;
      this.#state.set('live');
    });
    stream.addEventListener('error', () => {
      this.#lost(stream);
    });
    stream.addEventListener('change', (event) => {
      this.#news.next(JSON.parse((event as MessageEvent<string>).data) as Change);
    });
    // A new stream does not know what was missed before.
    stream.addEventListener('ready', everything);
    stream.addEventListener('reset', everything);
  }

  #lost(stream: EventStream): void {
    // An EventSource does not say why. An ended session is noticed by the next read of a view.
    if (stream.readyState !== stream.CLOSED) {
      this.#state.set('reconnecting');
      return;
    }
    this.#state.set('polling');
    this.#failures += 1;
    this.#retry = setTimeout(
      () => {
        this.#start();
      },
      retryDelayMs(this.#failures, Math.random()),
    );
  }
}
