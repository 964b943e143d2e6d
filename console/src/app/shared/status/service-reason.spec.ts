import type { CapsuleService } from '#contracts';
import { serviceReason } from './service-reason';

const SINCE = '2026-11-01T10:30:00.000Z';
const service: CapsuleService = {
  id: 'svc_1',
  code: 'stock',
  name: 'Stock',
  description: null,
  version: null,
  runtime: null,
  agentId: 'agt_1',
  agentCode: 'edge',
  agentName: 'Edge',
  agentStatus: 'ONLINE',
  agentLastSeenAt: '2026-11-01T12:00:00.000Z',
  agentSilent: false,
  status: 'HEALTHY',
  healthStatus: 'UP',
  healthMessage: null,
  healthSince: SINCE,
  labels: {},
  lastReportedAt: '2026-11-01T11:00:00.000Z',
  retiredAt: null,
  createdAt: '2026-11-01T10:00:00.000Z',
  updatedAt: '2026-11-01T10:00:00.000Z',
};

describe('Why a service is as it is', () => {
  it.each<[string, Partial<CapsuleService>, string | null]>([
    ['UP', {}, SINCE],
    ['DOWN_SAID', { status: 'UNHEALTHY', healthStatus: 'DOWN', healthMessage: 'Closed.' }, SINCE],
    ['REPORT_OLD', { status: 'STALE' }, service.lastReportedAt],
    ['AGENT_SILENT', { status: 'STALE', agentSilent: true }, service.agentLastSeenAt],
    ['AGENT_UNHEARD', { status: 'STALE', agentSilent: true, agentLastSeenAt: null }, null],
    ['AGENT_REVOKED', { status: 'OFFLINE', agentStatus: 'REVOKED' }, service.agentLastSeenAt],
    ['AGENT_OFFLINE', { status: 'OFFLINE', agentStatus: 'OFFLINE', agentSilent: true }, service.agentLastSeenAt],
    ['RETIRED', { retiredAt: SINCE, status: 'OFFLINE' }, SINCE],
  ])('is %s', (key, changes, since) => {
    expect(serviceReason({ ...service, ...changes })).toMatchObject({ key, since });
  });

  it('names the agent and quotes the service', () => {
    const { params } = serviceReason({ ...service, healthMessage: 'Fine.' });
    expect(params).toEqual({ agent: 'Edge', message: 'Fine.' });
  });
});
