import type { AgentId, CapsuleServiceId } from '#contracts';
import { aService } from '../../../../testing/builders';
import { troubleOf } from './trouble';

const offline = (id: CapsuleServiceId, agentId: AgentId) =>
  aService({ id, agentId, status: 'OFFLINE', agentStatus: 'OFFLINE' });
const down = aService({ id: 'svc_down', agentId: 'agt_1', status: 'UNHEALTHY', healthStatus: 'DOWN' });

const shape = (...services: Parameters<typeof troubleOf>[0][number][]) =>
  troubleOf(services).map((trouble) => trouble.services.map(({ id }) => id));

describe('troubleOf', () => {
  it('is one trouble for many services of an agent that is gone', () => {
    const gone = [offline('svc_a', 'agt_1'), offline('svc_b', 'agt_1'), offline('svc_c', 'agt_1')];
    expect(shape(down, ...gone)).toEqual([['svc_down'], ['svc_a', 'svc_b', 'svc_c']]);
  });

  it('is one for each service when there are few, or when it is their own', () => {
    expect(shape(offline('svc_a', 'agt_1'), offline('svc_b', 'agt_1'), offline('svc_c', 'agt_2'))).toEqual([
      ['svc_a'],
      ['svc_b'],
      ['svc_c'],
    ]);
    expect(shape(down, { ...down, id: 'svc_d' }, { ...down, id: 'svc_e' })).toEqual([
      ['svc_down'],
      ['svc_d'],
      ['svc_e'],
    ]);
  });
});
