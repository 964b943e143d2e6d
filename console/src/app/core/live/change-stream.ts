import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Subject } from 'rxjs';
import type { Change } from '#contracts';
import { EVENT_SOURCE, type EventStream } from './event-source';
import { retryDelayMs } from './retry-delay';

const EVENTS = '/api/admin/events';

/** `reconnecting`: the browser is at it. `polling`: it has given up, and is sent again after a while. */
export type StreamState = 'live' | 'reconnecting' | 'polling';

/** One change, or the word that everything may be another. */
export type News = Change | 'everything';

/** The one stream of changes of this console; open from `open()` to `close()`, however often it is lost between. */
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

  /** Again does nothing. */
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
    // A stream that begins does not say what it missed.
    stream.addEventListener('ready', everything);
    stream.addEventListener('reset', everything);
  }

  #lost(stream: EventStream): void {
    // An EventSource does not say why: a session that has ended shows when the views are read.
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
