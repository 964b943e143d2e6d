import { JobTimeout, runBatches } from './job-runner.js';

const MINUTE = 60;

/** A job that finds this much with each call, and nothing after that. */
const aJobThatFinds = (...batches: readonly number[]) => {
  let calls = 0;
  const run = (): Promise<number> => {
    calls += 1;
    return Promise.resolve(batches[calls - 1] ?? 0);
  };
  return { run, calls: () => calls };
};

describe('runToTheEnd', () => {
  afterEach(() => jest.useRealTimers());

  it('calls a job until it finds nothing, and adds up what it did', async () => {
    const job = aJobThatFinds(200, 200, 7);
    expect(await runBatches(job.run, MINUTE)).toEqual({ count: 407, isCut: false });
    expect(job.calls()).toBe(4);
  });

  it('calls a job that finds nothing once', async () => {
    const job = aJobThatFinds();
    expect(await runBatches(job.run, MINUTE)).toEqual({ count: 0, isCut: false });
    expect(job.calls()).toBe(1);
  });

  it('leaves the rest to the next run when a job never ends', async () => {
    let calls = 0;
    const run = (): Promise<number> => Promise.resolve((calls += 1) && 1);
    expect(await runBatches(run, MINUTE)).toEqual({ count: 1_000, isCut: true });
    expect(calls).toBe(1_000);
  });

  it('begins no batch once the time is up, and leaves the rest to the next run', async () => {
    jest.useFakeTimers();
    const run = (): Promise<number> => {
      jest.advanceTimersByTime(30_000);
      return Promise.resolve(10);
    };
    expect(await runBatches(run, MINUTE)).toEqual({ count: 20, isCut: true });
  });

  it('gives up on a batch that is not back when the time is up', async () => {
    jest.useFakeTimers();
    const running = runBatches(() => new Promise<number>(() => undefined), MINUTE);
    const outcome = expect(running).rejects.toThrow(JobTimeout);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it('fails with the job', async () => {
    await expect(runBatches(() => Promise.reject(new Error('no table')), MINUTE)).rejects.toThrow('no table');
  });
});
