import { Throttle } from './throttle';

const SECOND_MS = 1_000;

const setUp = () => {
  const times: number[] = [];
  const begin = Date.now();
  return { times, throttle: new Throttle(() => times.push(Date.now() - begin), SECOND_MS) };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('Throttle', () => {
  it('acts at once, and once more at the end of the second for all that was asked in it', () => {
    const { times, throttle } = setUp();
    for (let i = 0; i < 5; i += 1) {
      throttle.ask();
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(10 * SECOND_MS);
    expect(times).toEqual([0, 1_000]);
  });

  it('acts once a second while it is asked all the time', () => {
    const { times, throttle } = setUp();
    for (let i = 0; i < 35; i += 1) {
      throttle.ask();
      vi.advanceTimersByTime(100);
    }
    expect(times).toEqual([0, 1_000, 2_000, 3_000]);
    vi.advanceTimersByTime(10 * SECOND_MS);
    expect(times).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  });

  it('acts at once again after a second of rest', () => {
    const { times, throttle } = setUp();
    throttle.ask();
    vi.advanceTimersByTime(SECOND_MS);
    throttle.ask();
    expect(times).toEqual([0, 1_000]);
  });

  it('acts now when it has to, and then owes nothing for what was asked before', () => {
    const { times, throttle } = setUp();
    throttle.ask();
    vi.advanceTimersByTime(100);
    throttle.ask();
    throttle.now();
    vi.advanceTimersByTime(10 * SECOND_MS);
    expect(times).toEqual([0, 100]);
  });

  it('never acts again once it is stopped', () => {
    const { times, throttle } = setUp();
    throttle.ask();
    throttle.ask();
    throttle.stop();
    vi.advanceTimersByTime(10 * SECOND_MS);
    expect(times).toEqual([0]);
  });
});
