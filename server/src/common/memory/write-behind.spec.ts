import { WriteBehind } from './write-behind.js';

const setUp = (fails: () => boolean = () => false) => {
  const written: Record<string, number>[] = [];
  const failures: unknown[] = [];
  const times = new WriteBehind<string>(
    (instants) => {
      if (fails()) return Promise.reject(new Error('disk full'));
      written.push(Object.fromEntries(instants));
      return Promise.resolve();
    },
    (error) => failures.push(error),
  );
  return { times, written, failures };
};

describe('WriteBehind', () => {
  beforeEach(() => jest.useFakeTimers({ now: 10_400 }));
  afterEach(() => jest.useRealTimers());

  it('writes the newest instant of each key, all together, on the next second', async () => {
    const { times, written } = setUp();
    times.record('a', 1);
    times.record('b', 2);
    times.record('a', 5);
    times.record('a', 3);
    await jest.advanceTimersByTimeAsync(599);
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(written).toEqual([{ a: 5, b: 2 }]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written).toHaveLength(1);
  });

  it('returns the newest instant known before', async () => {
    const { times } = setUp();
    expect(times.record('a', 1)).toBeNull();
    await times.flush();
    expect([times.record('a', 5), times.record('a', 3), times.record('a', 6)]).toEqual([1, 5, 5]);
  });

  it('writes only what is new when it is flushed', async () => {
    const { times, written } = setUp();
    times.record('a', 1);
    await times.flush();
    times.record('b', 2);
    await times.flush();
    await times.flush();
    expect(written).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('repeats a failed write with the next one, unless there is a newer instant', async () => {
    let isFull = true;
    const { times, written, failures } = setUp(() => isFull);
    times.record('a', 1);
    times.record('b', 1);
    await jest.advanceTimersByTimeAsync(600);
    expect(failures).toHaveLength(1);
    isFull = false;
    times.record('a', 2);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(written).toEqual([{ a: 2, b: 1 }]);
  });
});
