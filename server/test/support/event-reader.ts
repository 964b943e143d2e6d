import type { Change } from '#contracts';
import { eventually } from '#testing';
import type { ApiClient, TestOperator } from '#testing';

export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Partial<Change>;
}

/** Reads the stream of changes as a browser does. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  /** Whether the server has ended the stream. */
  isOver = false;
  readonly #cut = new AbortController();

  /** Opens the stream; resolves when the server has answered. */
  static async open(api: ApiClient, operator: TestOperator, lastEventId?: string): Promise<EventReader> {
    const reader = new EventReader();
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await fetch(new URL('/api/admin/events', api.baseUrl), {
      headers: { cookie: operator.cookie, ...resume },
      signal: reader.#cut.signal,
    });
    if (!response.ok || !response.body) throw new Error(`The stream was refused: ${response.status}.`);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    void reader.#read(response.body);
    return reader;
  }

  /** Changes received so far. */
  get changes(): readonly Partial<Change>[] {
    return this.events.filter(({ event }) => event === 'change').map(({ data }) => data);
  }

  get lastEventId(): string {
    return this.events.at(-1)?.id ?? '';
  }

  /** Waits for a change like this one. */
  heard(change: Partial<Change>): Promise<true> {
    const isLike = (other: Partial<Change>): boolean =>
      Object.entries(change).every(([key, value]) => other[key as keyof Change] === value);
    return eventually(`${JSON.stringify(change)} arrives`, () => this.changes.some(isLike));
  }

  close(): void {
    this.#cut.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const part of body) {
        text += decoder.decode(part, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        this.events.push(...blocks.flatMap(toEvent));
      }
    } catch (error) {
      if (!this.#cut.signal.aborted) throw error;
    } finally {
      this.isOver = true;
    }
  }
}

const toEvent = (block: string): ReadEvent[] => {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  if (field('event') === '') return [];
  return [{ id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Partial<Change> }];
};
