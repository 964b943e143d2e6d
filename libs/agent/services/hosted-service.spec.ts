import type { Health } from '../../contracts/index.js';
import { runHealthCheck } from './hosted-service.js';

describe('runHealthCheck', () => {
  it('returns what the check returns', async () => {
    const health: Health = { status: 'DEGRADED', message: 'Slow.', details: { queue: 7 } };
    expect(await runHealthCheck(() => Promise.resolve(health), 1)).toEqual(health);
  });

  it('is UNKNOWN without a check', async () => {
    expect(await runHealthCheck(null, 1)).toMatchObject({ status: 'UNKNOWN' });
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => Promise.reject(new Error('No database.')), 'No database.'],
    ['takes too long', () => new Promise(() => undefined), 'longer than 0.02 seconds'],
    ['returns nothing', () => undefined, 'no known status'],
    ['returns something else', () => ({ status: 'FINE' }), 'no known status'],
    ['returns what JSON cannot represent', () => ({ status: 'UP', details: { big: 1n } }), 'BigInt'],
  ])('is DOWN when the check %s', async (_, check, reason) => {
    const health = await runHealthCheck(check as () => Health, 0.02);
    expect(health).toMatchObject({ status: 'DOWN', message: expect.stringContaining(reason) as string });
  });
});
