import { FakeEventSource } from '../../../testing/event-sources';
import { SharedEventStream } from './shared-event-stream';

const URL = '/events';
const CHANGE = { kind: 'agent' as const, id: 'agt_1' } as never;

/** The tabs of one browser. */
class Browser {
  readonly sources: FakeEventSource[] = [];
  readonly #channels = new Set<{ onmessage: BroadcastChannel['onmessage'] }>();
  readonly #values = new Map<string, string>();
  readonly storage = {
    getItem: (key: string) => this.#values.get(key) ?? null,
    setItem: (key: string, value: string) => void this.#values.set(key, value),
    removeItem: (key: string) => void this.#values.delete(key),
  };

  /** Those that are open. */
  get open(): readonly FakeEventSource[] {
    return this.sources.filter(({ isClosed }) => !isClosed);
  }

  /** The server does something with the stream that was opened as the nth. */
  server(nth: number, act: (source: FakeEventSource) => void): void {
    const source = this.sources[nth];
    if (!source) throw new Error('That stream was not opened.');
    act(source);
    pass(1);
  }

  tab() {
    const channels = this.#channels;
    const channel: SharedEventStreamChannel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        const others = [...channels].filter((one) => one !== channel);
        setTimeout(() => {
          for (const one of others) one.onmessage?.call(one as BroadcastChannel, new MessageEvent('message', { data }));
        });
      },
      close: () => void channels.delete(channel),
    };
    channels.add(channel);
    const connect = (url: string): FakeEventSource => {
      const source = new FakeEventSource(url);
      this.sources.push(source);
      return source;
    };
    const stream = new SharedEventStream(URL, { channel, storage: this.storage, connect });
    const heard: string[] = [];
    for (const name of ['open', 'error', 'ready', 'reset', 'change']) {
      stream.addEventListener(name, () => heard.push(name));
    }
    /** As when the browser ends its process. */
    const kill = (): void => {
      channels.delete(channel);
      channel.postMessage = () => undefined;
    };
    pass(1);
    return { stream, heard, kill };
  }
}

type SharedEventStreamChannel = ConstructorParameters<typeof SharedEventStream>[1]['channel'];

const pass = (ms: number): void => {
  vi.advanceTimersByTime(ms);
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('SharedEventStream', () => {
  it('is opened at once by the first tab, and by no other', () => {
    const browser = new Browser();
    const first = browser.tab();
    expect(browser.sources).toHaveLength(1);
    browser.server(0, (source) => {
      source.begin();
    });
    const others = [1, 2, 3, 4, 5, 6, 7].map(() => browser.tab());
    pass(60_000);
    expect(browser.sources).toHaveLength(1);
    expect(first.heard).toEqual(['open', 'ready']);
    for (const { heard, stream } of others) {
      expect(heard).toEqual(['open', 'ready']);
      expect(stream.readyState).toBe(1);
    }
  });

  it('passes on what the server says', () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    browser.server(0, (source) => {
      source.begin();
    });
    browser.server(0, (source) => {
      source.change(CHANGE);
    });
    browser.server(0, (source) => {
      source.reset();
    });
    expect(first.heard).toEqual(['open', 'ready', 'change', 'reset']);
    expect(second.heard).toEqual(['open', 'ready', 'ready', 'change', 'reset']);
  });

  it('says everywhere that the connection is lost, and that it is back', () => {
    const browser = new Browser();
    const second = (browser.tab(), browser.tab());
    browser.server(0, (source) => {
      source.begin();
    });
    browser.server(0, (source) => {
      source.lose();
    });
    expect(second.stream.readyState).toBe(0);
    browser.server(0, (source) => {
      source.resume();
    });
    expect(second.heard).toEqual(['open', 'ready', 'ready', 'error', 'open', 'ready']);
  });

  it.each(['close', 'kill'] as const)('is taken over when its tab is gone (%s), and begins anew', (how) => {
    const browser = new Browser();
    const [first, second, third] = [browser.tab(), browser.tab(), browser.tab()];
    browser.server(0, (source) => {
      source.begin();
    });
    if (how === 'kill') first.kill();
    else first.stream.close();
    pass(10_000);
    expect(browser.sources).toHaveLength(2);
    second.heard.length = third.heard.length = 0;
    browser.server(1, (source) => {
      source.begin();
    });
    expect([second.heard, third.heard].map((heard) => heard.includes('ready'))).toEqual([true, true]);
    if (how !== 'kill') expect(browser.open).toHaveLength(1);
  });

  it('is opened by a tab that finds only the trace of one that crashed', () => {
    const browser = new Browser();
    browser.tab().kill();
    const second = browser.tab();
    pass(5_000);
    browser.server(1, (source) => {
      source.begin();
    });
    expect(second.heard).toEqual(['open', 'ready']);
  });

  it('is given up by the later of two tabs that took it at the same time', () => {
    const browser = new Browser();
    const first = browser.tab();
    browser.storage.removeItem('opstage-stream-holder');
    const second = browser.tab();
    expect(browser.sources).toHaveLength(2);
    browser.server(0, (source) => {
      source.begin();
    });
    pass(5_000);
    expect(browser.open).toHaveLength(1);
    expect([first.stream.readyState, second.stream.readyState]).toEqual([1, 1]);
  });

  it('ends in a tab whose server refuses it, and is tried by another', () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    browser.server(0, (source) => {
      source.refuse();
    });
    expect(first.stream.readyState).toBe(first.stream.CLOSED);
    expect(first.heard).toEqual(['error']);
    pass(5_000);
    browser.server(1, (source) => {
      source.begin();
    });
    expect(second.heard).toEqual(['open', 'ready']);
  });

  it('is closed when the last tab is', () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    second.stream.close();
    first.stream.close();
    pass(60_000);
    expect(browser.open).toEqual([]);
    expect(browser.sources).toHaveLength(1);
  });
});
