import type { Health } from '#contracts';
import { HealthFingerprint } from './known-services.js';

const known = () =>
  new HealthFingerprint({ status: 'UP', message: 'All is well.', details: { queue: 3, password: '[REDACTED]' } });
const health = (details: Health['details'], message = 'All is well.'): Health => ({ status: 'UP', message, details });

describe('a known health', () => {
  it('is said by what comes to the same, the second time too, whatever the order and whatever is not kept', () => {
    const one = known();
    const same = [
      health({ queue: 3, password: 'first' }),
      health({ queue: 3, password: 'first' }),
      health({ password: 'second', queue: 3 }),
      health({ queue: 3, password: 'first' }),
    ];
    expect(same.map((report) => one.matches(report))).toEqual([true, true, true, true]);
  });

  it('is not said by anything else, before or after a report that says it', () => {
    const one = known();
    const other = [health({ queue: 4, password: 'first' }), health({ queue: 3, password: 'first' }, 'Well.')];
    expect(other.map((report) => one.matches(report))).toEqual([false, false]);
    expect(one.matches(health({ queue: 3, password: 'first' }))).toBe(true);
    expect(other.map((report) => one.matches(report))).toEqual([false, false]);
  });

  it('is not said by anything while there is none', () => {
    expect(new HealthFingerprint(null).matches({ status: 'UP' })).toBe(false);
  });
});
