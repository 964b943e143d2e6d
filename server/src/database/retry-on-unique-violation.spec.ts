import { retryOnUniqueViolation } from './errors.js';

const taken = (): Error => Object.assign(new Error('duplicate key'), { driverError: { code: '23505' } });

/** Fails with `errors` in turn, then succeeds; says how often it was asked. */
const aTransaction = (...errors: Error[]) => {
  const calls = { count: 0 };
  const run = (): Promise<string> => {
    calls.count += 1;
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve('done');
  };
  return { calls, run };
};

describe('a transaction that may lose a race for a key', () => {
  it('runs once when it does not', async () => {
    const { calls, run } = aTransaction();
    expect(await retryOnUniqueViolation(run)).toBe('done');
    expect(calls.count).toBe(1);
  });

  it('runs again when it does, and not for ever', async () => {
    const lucky = aTransaction(taken(), taken());
    expect(await retryOnUniqueViolation(lucky.run)).toBe('done');
    expect(lucky.calls.count).toBe(3);
    const unlucky = aTransaction(taken(), taken(), taken(), taken());
    await expect(retryOnUniqueViolation(unlucky.run)).rejects.toThrow('duplicate key');
    expect(unlucky.calls.count).toBe(3);
  });

  it('does not run again for any other reason', async () => {
    const { calls, run } = aTransaction(new Error('refused'));
    await expect(retryOnUniqueViolation(run)).rejects.toThrow('refused');
    expect(calls.count).toBe(1);
  });
});
