import type { Health } from '#contracts';
import { HealthFingerprint } from './known-services.js';

const fingerprint = () =>
  new HealthFingerprint({ status: 'UP', message: 'All is well.', details: { queue: 3, password: '[REDACTED]' } });
const health = (details: Health['details'], message = 'All is well.'): Health => ({ status: 'UP', message, details });

describe('The fingerprint of a health', () => {
  it('matches reports of the same health, whatever the order of keys and the redacted values', () => {
    const one = fingerprint();
    const same = [
      health({ queue: 3, password: 'first' }),
      health({ queue: 3, password: 'first' }),
      health({ password: 'second', queue: 3 }),
      health({ queue: 3, password: 'first' }),
    ];
    expect(same.map((report) => one.matches(report))).toEqual([true, true, true, true]);
  });

  it('matches nothing else, before or after a match', () => {
    const one = fingerprint();
    const other = [health({ queue: 4, password: 'first' }), health({ queue: 3, password: 'first' }, 'Well.')];
    expect(other.map((report) => one.matches(report))).toEqual([false, false]);
    expect(one.matches(health({ queue: 3, password: 'first' }))).toBe(true);
    expect(other.map((report) => one.matches(report))).toEqual([false, false]);
  });

  it('matches nothing while no health is stored', () => {
    expect(new HealthFingerprint(null).matches({ status: 'UP' })).toBe(false);
  });
});
