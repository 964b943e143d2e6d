import { Cadence } from './cadence.js';
import { LongPolls } from './long-polls.js';

describe('LongPolls', () => {
  let polls: LongPolls;

  beforeEach(() => {
    jest.useFakeTimers();
    const cadence = new Cadence({});
    cadence.adopt({ longPollSeconds: 25, commandPollIntervalSeconds: 5 });
    polls = new LongPolls(cadence);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('follow each other immediately as long as they are held', () => {
    for (let poll = 0; poll < 10; poll += 1) expect(polls.cameBackEmpty(25)).toBe(true);
  });

  it('follow immediately after one early answer, but not after several in a row, until one is held again', () => {
    expect([0.1, 0.1, 0.1, 0.1].map((seconds) => polls.cameBackEmpty(seconds))).toEqual([true, true, false, false]);
    expect([25, 0.1].map((seconds) => polls.cameBackEmpty(seconds))).toEqual([true, true]);
  });

  it('are paused for a while when they keep being cut off', () => {
    for (const seconds of [10, 10, 10]) {
      expect(polls.waitSeconds).toBe(25);
      polls.failed(seconds);
    }
    expect(polls.waitSeconds).toBe(0);
    jest.advanceTimersByTime(300_000);
    expect(polls.waitSeconds).toBe(25);
  });

  it('are not paused for an unreachable server, or for occasional restarts', () => {
    for (let failure = 0; failure < 10; failure += 1) polls.failed(0.1);
    for (let restart = 0; restart < 10; restart += 1) {
      polls.failed(10);
      polls.cameBackEmpty(25);
    }
    expect(polls.waitSeconds).toBe(25);
  });
});
