import type { EventStream } from './event-source';

/** The events of the stream that are passed on. */
const PASSED_ON = ['change', 'ready', 'reset'] as const;
/** How long a new tab waits for the one that holds the stream to answer. */
const ANSWER_MS = 300;
/** How often a tab makes sure that the one that holds the stream is still there. */
const CHECK_MS = 2_000;
const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** What tabs say to each other. */
type Message = { readonly from: string } & (
  | { readonly says: 'who' | 'bye' }
  /** The sender holds the stream, which is in this state. */
  | { readonly says: 'here'; readonly readyState: number }
  | { readonly says: 'event'; readonly name: string; readonly data: unknown }
);

/** The parts of the browser that tabs meet in. */
export interface Meeting {
  readonly channel: Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;
  /** Holds a value while a tab has the stream, so that the first one need not ask. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly connect: (url: string) => EventStream;
}

const HOLDER = 'opstage-stream-holder';

/**
 * One stream of events for all tabs of a browser, which has six connections to a host when there is no HTTP/2. One tab holds the
 * stream and passes its events on. When it lets go, or does not answer, another tab opens the stream; the `ready` with which
 * every stream begins says that something may have been missed.
 */
export class SharedEventStream extends EventTarget implements EventStream {
  readonly CLOSED = CLOSED;
  readonly #id = `${String(Date.now())}-${Math.random().toString(36).slice(2)}`;
  #own: EventStream | null = null;
  #readyState = CONNECTING;
  #isOver = false;
  /** Whether the holder has been heard since it was last asked. */
  #isAnswered = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leave = (): void => {
    this.#end();
    // A page that comes back from the browser's cache opens the stream again.
    this.dispatchEvent(new Event('error'));
  };

  constructor(
    private readonly url: string,
    private readonly meeting: Meeting,
  ) {
    super();
    meeting.channel.onmessage = ({ data }: MessageEvent<Message>) => {
      this.#hear(data);
    };
    globalThis.addEventListener('pagehide', this.#leave);
    if (meeting.storage.getItem(HOLDER) === null) this.#hold();
    else this.#ask(ANSWER_MS);
  }

  get readyState(): number {
    return this.#readyState;
  }

  close(): void {
    this.#end();
  }

  /** Asks who holds the stream, and takes it when nobody answers. */
  #ask(withinMs: number): void {
    this.#isAnswered = false;
    const before = this.meeting.storage.getItem(HOLDER);
    this.#say({ says: 'who' });
    // Not all at once, when several tabs miss the same one.
    this.#after(withinMs * (1 + Math.random()), () => {
      const holder = this.meeting.storage.getItem(HOLDER);
      const isTakenSince = holder !== null && holder !== before;
      if (!this.#isAnswered && !isTakenSince) this.#hold();
      else {
        this.#after(CHECK_MS, () => {
          this.#ask(ANSWER_MS);
        });
      }
    });
  }

  #hold(): void {
    clearTimeout(this.#timer);
    this.meeting.storage.setItem(HOLDER, this.#id);
    const own = this.meeting.connect(this.url);
    this.#own = own;
    this.#tell();
    own.addEventListener('open', () => {
      this.#become(OPEN);
      this.#tell();
    });
    own.addEventListener('error', () => {
      if (own.readyState === own.CLOSED) this.#end();
      else {
        this.#readyState = CONNECTING;
        this.#tell();
      }
      this.dispatchEvent(new Event('error'));
    });
    for (const name of PASSED_ON) {
      own.addEventListener(name, (event) => {
        const data = (event as MessageEvent<unknown>).data;
        this.#say({ says: 'event', name, data });
        this.dispatchEvent(new MessageEvent(name, { data }));
      });
    }
  }

  #hear(message: Message): void {
    if (this.#isOver) return;
    if (message.says === 'who') {
      if (this.#own) this.#tell();
    } else if (message.says === 'here') this.#heardHolder(message.from, message.readyState);
    else if (message.says === 'event') {
      if (!this.#own) this.dispatchEvent(new MessageEvent(message.name, { data: message.data }));
    } else if (!this.#own) this.#ask(ANSWER_MS / 3);
  }

  #heardHolder(from: string, readyState: number): void {
    // Two that took it at the same moment: the later one lets go.
    if (this.#own) {
      if (from > this.#id) this.#tell();
      else this.#letGo();
    }
    if (this.#own) return;
    this.#isAnswered = true;
    if (readyState === OPEN && this.#readyState !== OPEN) {
      this.#become(OPEN);
      // What came before this tab listened is missing.
      this.dispatchEvent(new MessageEvent('ready'));
    } else if (readyState === CONNECTING && this.#readyState === OPEN) {
      this.#readyState = CONNECTING;
      this.dispatchEvent(new Event('error'));
    }
  }

  #letGo(): void {
    this.#own?.close();
    this.#own = null;
    this.#ask(ANSWER_MS);
  }

  #become(readyState: number): void {
    this.#readyState = readyState;
    this.dispatchEvent(new Event('open'));
  }

  #tell(): void {
    this.#say({ says: 'here', readyState: this.#readyState });
  }

  #say(message: { readonly says: Message['says'] } & Record<string, unknown>): void {
    this.meeting.channel.postMessage({ from: this.#id, ...message });
  }

  #after(ms: number, work: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#readyState = CLOSED;
    clearTimeout(this.#timer);
    globalThis.removeEventListener('pagehide', this.#leave);
    if (this.#own) {
      this.#own.close();
      this.#own = null;
      this.meeting.storage.removeItem(HOLDER);
      this.#say({ says: 'bye' });
    }
    this.meeting.channel.close();
  }
}
