import { TestBed } from '@angular/core/testing';
import type { Change } from '#contracts';
import { FakeEventSources } from '../../../testing/event-sources';
import { CsrfToken } from '../session/csrf-token';
import { EVENT_SOURCE } from './event-source';
import { Refresh, type Due } from './refresh';

const POLL_MS = 5_000;
const SLOW_POLL_MS = 30_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const COMMANDS = '/api/admin/commands';
const COMMAND: Change = { topic: 'command', id: 'cmd_1' };
const USER: Change = { topic: 'user', id: 'usr_1' };

let visibility: DocumentVisibilityState;

const pass = (ms: number): void => {
  vi.advanceTimersByTime(ms);
  TestBed.tick();
};

const show = (state: DocumentVisibilityState): void => {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
  TestBed.tick();
};

/** A console somebody is signed in to, with a view of commands. */
const start = () => {
  TestBed.configureTestingModule({
    providers: [{ provide: EVENT_SOURCE, useFactory: () => TestBed.inject(FakeEventSources).open }],
  });
  const csrf = TestBed.inject(CsrfToken);
  const refresh = TestBed.inject(Refresh);
  const sources = TestBed.inject(FakeEventSources);
  const reads: Due[] = [];
  TestBed.runInInjectionContext(() => {
    refresh.follow(
      () => COMMANDS,
      (why) => reads.push(why),
    );
  });
  csrf.set('csrf-1');
  TestBed.tick();
  return { csrf, refresh, sources, reads };
};

/** {@link start}, with the stream open and what it says at its beginning heard. */
const startLive = () => {
  const started = start();
  started.sources.newest.begin();
  TestBed.tick();
  vi.advanceTimersByTime(SECOND_MS);
  started.reads.length = 0;
  return started;
};

beforeEach(() => {
  vi.useFakeTimers();
  visibility = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
});

afterEach(() => {
  TestBed.resetTestingModule();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('Refresh while there is no stream', () => {
  it('says every few seconds that it is time to read again', () => {
    const { reads } = start();
    pass(POLL_MS - 1);
    expect(reads).toEqual([]);
    pass(1);
    expect(reads).toEqual(['time']);
    pass(3 * POLL_MS);
    expect(reads).toHaveLength(4);
  });

  it('rests while nobody can see the page, and says so at once when somebody can again', () => {
    const { reads } = start();
    show('hidden');
    pass(10 * POLL_MS);
    expect(reads).toEqual([]);
    show('visible');
    expect(reads).toHaveLength(1);
  });

  it('says so at once after a change of the user’s own', () => {
    const { refresh, reads } = start();
    refresh.now();
    refresh.now();
    expect(reads).toHaveLength(2);
  });

  it('says so a few times before long after something was begun, and then no more', () => {
    const { refresh, reads } = start();
    refresh.soon();
    expect(reads).toEqual([]);
    pass(POLL_MS - 1);
    expect(reads).toHaveLength(3);
    pass(POLL_MS);
    expect(reads).toHaveLength(4);
  });

  it('rests while the session is over', () => {
    const { csrf, refresh, reads } = start();
    csrf.sessionEnded();
    refresh.now();
    pass(10 * POLL_MS);
    expect(reads).toEqual([]);
  });

  it('is still when the application is gone', () => {
    const { reads, sources } = start();
    TestBed.resetTestingModule();
    vi.advanceTimersByTime(10 * POLL_MS);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(reads).toEqual([]);
    expect(sources.newest.isClosed).toBe(true);
  });
});

describe('Refresh while the stream is live', () => {
  it('says so at once when a change concerns the view, and only then', () => {
    const { refresh, sources, reads } = startLive();
    expect(refresh.state()).toBe('live');
    sources.newest.change(USER);
    expect(reads).toEqual([]);
    sources.newest.change(COMMAND);
    expect(reads).toEqual(['news']);
  });

  it('says so at most once a second while changes keep coming, and never loses the last', () => {
    const { sources, reads } = startLive();
    for (let i = 0; i < 25; i += 1) {
      sources.newest.change(COMMAND);
      pass(100);
    }
    expect(reads).toHaveLength(3);
    pass(10 * SECOND_MS);
    expect(reads).toHaveLength(4);
  });

  it('is as good as silent while nothing changes: it looks twice a minute', () => {
    const { reads } = startLive();
    pass(SLOW_POLL_MS - 2 * SECOND_MS);
    expect(reads).toEqual([]);
    pass(2 * SECOND_MS);
    expect(reads).toEqual(['time']);
  });

  it('has everything read again when the server does not know what was missed', () => {
    const { sources, reads } = startLive();
    sources.newest.reset();
    expect(reads).toEqual(['news']);
  });

  it('has everything read again when the stream begins, since what changed before it is not said', () => {
    const { sources, reads } = start();
    sources.newest.begin();
    expect(reads).toEqual(['news']);
  });

  it('leaves it to the stream to say when something begun has ended', () => {
    const { refresh, reads } = startLive();
    refresh.soon();
    pass(POLL_MS);
    expect(reads).toEqual([]);
  });

  it('is a signal to who wants one', () => {
    const { refresh, sources } = startLive();
    const tick = TestBed.runInInjectionContext(() => refresh.tickOf(() => COMMANDS));
    sources.newest.change(COMMAND);
    expect(tick()).toBe(1);
  });
});

describe('Refresh and the life of the stream', () => {
  it('has one stream, from the sign-in on', () => {
    const { sources } = start();
    expect(sources.all.map(({ url }) => url)).toEqual(['/api/admin/events']);
    pass(10 * MINUTE_MS);
    expect(sources.all).toHaveLength(1);
  });

  it.each([
    [
      'nobody is signed in any more',
      (csrf: CsrfToken) => {
        csrf.set(null);
      },
    ],
    [
      'the session has ended',
      (csrf: CsrfToken) => {
        csrf.sessionEnded();
      },
    ],
  ])('closes it when %s, and opens another for the next session', (_, end) => {
    const { csrf, sources } = startLive();
    end(csrf);
    TestBed.tick();
    expect(sources.newest.isClosed).toBe(true);
    pass(MINUTE_MS);
    expect(sources.all).toHaveLength(1);
    csrf.set('csrf-2');
    TestBed.tick();
    expect(sources.all).toHaveLength(2);
  });

  it('polls while the browser looks for the server, until it is found', () => {
    const { refresh, sources, reads } = startLive();
    sources.newest.lose();
    TestBed.tick();
    expect(refresh.state()).toBe('reconnecting');
    pass(2 * POLL_MS);
    expect(reads).toEqual(['time', 'time']);
    sources.newest.resume();
    TestBed.tick();
    expect(refresh.state()).toBe('live');
    pass(2 * POLL_MS);
    expect(reads).toHaveLength(2);
    expect(sources.all).toHaveLength(1);
  });

  it('polls when the browser has given up, and tries again, later every time', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { refresh, sources, reads } = startLive();
    sources.newest.refuse();
    TestBed.tick();
    expect(refresh.state()).toBe('polling');
    pass(3_999);
    expect(sources.all).toHaveLength(1);
    pass(1);
    expect(sources.all).toHaveLength(2);
    sources.newest.refuse();
    pass(7_999);
    expect(sources.all).toHaveLength(2);
    pass(1);
    expect(sources.all).toHaveLength(3);
    expect(reads).toEqual(['time', 'time']);
    sources.newest.begin();
    expect(refresh.state()).toBe('live');
    expect(reads).toEqual(['time', 'time', 'news']);
  });

  it('keeps it for a minute while nobody can see the page, and reads nothing', () => {
    const { sources, reads } = startLive();
    show('hidden');
    pass(MINUTE_MS - 1);
    sources.newest.change(COMMAND);
    expect(sources.newest.isClosed).toBe(false);
    pass(1);
    expect(sources.newest.isClosed).toBe(true);
    expect(reads).toEqual([]);
  });

  it('opens it again, and reads at once, when somebody can see the page again', () => {
    const { sources, reads } = startLive();
    show('hidden');
    pass(2 * MINUTE_MS);
    show('visible');
    expect(sources.all).toHaveLength(2);
    expect(reads).toHaveLength(1);
  });

  it('does not look for it while nobody can see the page', () => {
    const { sources } = startLive();
    show('hidden');
    sources.newest.lose();
    TestBed.tick();
    expect(sources.newest.isClosed).toBe(true);
    pass(10 * MINUTE_MS);
    expect(sources.all).toHaveLength(1);
    show('visible');
    expect(sources.all).toHaveLength(2);
  });
});
