import { HealthCycle } from './health-cycle.js';

describe('HealthCycle', () => {
  let seconds: number;
  const cycle = () => new HealthCycle(() => new Date(seconds * 1000));

  beforeEach(() => {
    seconds = 1_000_000;
  });

  it('alternates between UP and DEGRADED', () => {
    const health = cycle();
    const seen = [0, 179, 180, 239, 240, 420].map((after) => {
      seconds = 1_000_000 + after;
      return health.current().status;
    });
    expect(seen).toEqual(['UP', 'UP', 'DEGRADED', 'DEGRADED', 'UP', 'DEGRADED']);
  });

  it('stays as it was set until it is automatic again', () => {
    const health = cycle();
    health.choose('DOWN', 'Fire drill.');
    seconds += 500;
    expect(health.current()).toEqual({ status: 'DOWN', message: 'Fire drill.', details: { mode: 'DOWN' } });
    health.choose('AUTO');
    seconds = 1_000_000;
    expect(health.current()).toMatchObject({ status: 'UP', message: 'All shelves are in order.' });
  });
});
