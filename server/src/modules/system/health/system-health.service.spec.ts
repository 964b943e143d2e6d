import { SystemClock } from '../../../common/clock.js';
import type { AppConfig } from '../../../config/app-config.js';
import type { Database } from '../../../database/database.js';
import { type HealthConcerns, SystemHealthService } from './system-health.service.js';

const healthWith = (ping: () => Promise<number>) => {
  const database = { kind: 'postgres', ping } as Database;
  const none = { list: () => Promise.resolve([]) } as unknown as HealthConcerns;
  return new SystemHealthService(database, { version: '1.0.0' } as AppConfig, new SystemClock(), none).health();
};

describe('SystemHealthService', () => {
  it('gives the latency in milliseconds, not more exact than it is', async () => {
    const { database } = await healthWith(() => Promise.resolve(1.234_567));
    expect(database).toEqual({ status: 'UP', kind: 'postgres', latencyMs: 1.235 });
  });

  it('does not wait for ever for a database that neither answers nor refuses', async () => {
    jest.useFakeTimers();
    const health = expect(healthWith(() => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      details: { status: 'DOWN' },
    });
    await jest.advanceTimersByTimeAsync(2_000);
    await health;
    jest.useRealTimers();
  });
});
