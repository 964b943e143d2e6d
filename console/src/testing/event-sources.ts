import { Injectable } from '@angular/core';
import type { Change } from '#contracts';
import type { EventStream } from '../app/core/live/event-source';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** An `EventSource` that the spec controls. */
export class FakeEventSource extends EventTarget implements EventStream {
  readonly CLOSED = CLOSED;
  readyState: number = CONNECTING;

  constructor(readonly url: string) {
    super();
  }

  get isClosed(): boolean {
    return this.readyState === CLOSED;
  }

  close(): void {
    this.readyState = CLOSED;
  }

  /** The server lets it in, for the first time. */
  begin(): void {
    this.resume();
    this.#say('ready', {});
  }

  /** The server lets it in again. */
  resume(): void {
    this.readyState = OPEN;
    this.dispatchEvent(new Event('open'));
  }

  change(change: Change): void {
    this.#say('change', change);
  }

  /** The server does not know any more what was missed. */
  reset(): void {
    this.#say('reset', {});
  }

  /** The connection is lost: the browser tries again by itself. */
  lose(): void {
    this.readyState = CONNECTING;
    this.dispatchEvent(new Event('error'));
  }

  /** The server refuses it: the browser gives it up. */
  refuse(): void {
    this.readyState = CLOSED;
    this.dispatchEvent(new Event('error'));
  }

  #say(event: string, data: object): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

/** The streams that the console has opened; none of them gets anywhere by itself. */
@Injectable({ providedIn: 'root' })
export class FakeEventSources {
  readonly all: FakeEventSource[] = [];

  readonly open = (url: string): FakeEventSource => {
    const source = new FakeEventSource(url);
    this.all.push(source);
    return source;
  };

  /** The one that was opened last. @throws when none was */
  get newest(): FakeEventSource {
    const newest = this.all.at(-1);
    if (!newest) throw new Error('No stream was opened.');
    return newest;
  }
}
