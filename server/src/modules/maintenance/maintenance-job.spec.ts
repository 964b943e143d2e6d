import { runToTheEnd } from './maintenance-job.js';

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
  it('calls a job until it finds nothing, and adds up what it did', async () => {
    const job = aJobThatFinds(200, 200, 7);
    expect(await runToTheEnd(job.run)).toBe(407);
    expect(job.calls()).toBe(4);
  });

  it('calls a job that finds nothing once', async () => {
    const job = aJobThatFinds();
    expect(await runToTheEnd(job.run)).toBe(0);
    expect(job.calls()).toBe(1);
  });

  it('leaves the rest to the next run when a job never ends', async () => {
    let calls = 0;
    const run = (): Promise<number> => Promise.resolve((calls += 1) && 1);
    expect(await runToTheEnd(run)).toBe(1_000);
    expect(calls).toBe(1_000);
  });

  it('fails with the job', async () => {
    await expect(runToTheEnd(() => Promise.reject(new Error('no table')))).rejects.toThrow('no table');
  });
});
