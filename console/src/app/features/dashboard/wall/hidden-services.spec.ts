import { aService } from '../../../../testing/builders';
import { hiddenServices, worstFirst } from './hidden-services';

const counts = { UNKNOWN: 0, HEALTHY: 3, UNHEALTHY: 2, STALE: 0, OFFLINE: 1, total: 6 };

describe('hiddenServices', () => {
  it('says how many of each status are not shown, the worst first', () => {
    const shown = [aService(), aService({ status: 'UNHEALTHY' })];
    expect(hiddenServices(shown, counts)).toEqual([
      { status: 'UNHEALTHY', count: 1 },
      { status: 'OFFLINE', count: 1 },
      { status: 'HEALTHY', count: 2 },
    ]);
  });

  it('says nothing when all are shown', () => {
    expect(hiddenServices([aService()], { ...counts, HEALTHY: 1, UNHEALTHY: 0, OFFLINE: 0, total: 1 })).toEqual([]);
  });
});

describe('worstFirst', () => {
  it('puts what is in trouble first, and leaves the rest in its order', () => {
    const services = [
      aService({ name: 'a' }),
      aService({ name: 'b', status: 'STALE' }),
      aService({ name: 'c', status: 'UNHEALTHY' }),
      aService({ name: 'd' }),
    ];
    expect(worstFirst(services).map(({ name }) => name)).toEqual(['c', 'b', 'a', 'd']);
  });
});
