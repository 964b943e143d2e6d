import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { settled } from '../../../testing/backend';
import { screenOf, signInAs, startConsole, type Screen } from '../../../testing/console';
import { FakeEventSources, type FakeEventSource } from '../../../testing/event-sources';
import { Refresh } from '../live/refresh';
import { LiveDot } from './live-dot';

const WORTH_SAYING_MS = 5_000;

/** The dot of a console that has opened its stream. */
const draw = async (): Promise<{ screen: Screen; stream: FakeEventSource }> => {
  const backend = startConsole();
  TestBed.inject(Refresh);
  await signInAs('viewer', backend);
  const screen = await screenOf(TestBed.createComponent(LiveDot));
  return { screen, stream: TestBed.inject(FakeEventSources).newest };
};

afterEach(() => {
  vi.useRealTimers();
});

describe('LiveDot', () => {
  it.each([
    [
      'live',
      'Live',
      '实时',
      (stream: FakeEventSource) => {
        stream.begin();
      },
    ],
    [
      'reconnecting',
      'Connecting',
      '连接中',
      (stream: FakeEventSource) => {
        stream.lose();
      },
    ],
    [
      'polling',
      'Every 5 s',
      '每 5 秒',
      (stream: FakeEventSource) => {
        stream.refuse();
      },
    ],
  ])('says in both languages that the console is %s', async (state, english, chinese, happen) => {
    const { screen, stream } = await draw();
    happen(stream);
    await settled();
    expect(screen.one('.state').dataset.state).toBe(state);
    expect(screen.text).toBe(english);
    TestBed.inject(TranslocoService).setActiveLang('zh');
    await settled();
    expect(screen.text).toBe(chinese);
  });

  it('says a break aloud when it lasts, and only once', async () => {
    const { screen, stream } = await draw();
    stream.begin();
    await settled();
    vi.useFakeTimers();
    const pass = (ms: number): void => {
      TestBed.tick();
      vi.advanceTimersByTime(ms);
      TestBed.tick();
    };
    const said = (): string => screen.one('[role=status]').textContent;

    stream.lose();
    pass(WORTH_SAYING_MS - 1);
    stream.resume();
    pass(WORTH_SAYING_MS);
    expect(said()).toBe('');

    stream.lose();
    pass(WORTH_SAYING_MS);
    const lost = 'Live updates are interrupted. The page is read again every 5 seconds.';
    expect(said()).toBe(lost);
    const [node] = screen.one('[role=status]').childNodes;
    stream.refuse();
    pass(0);
    expect(said()).toBe(lost);
    expect(screen.one('[role=status]').childNodes[0]).toBe(node);

    stream.begin();
    pass(0);
    expect(said()).toBe('');
  });
});
