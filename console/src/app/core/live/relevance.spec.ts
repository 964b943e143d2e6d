import { ChangeTopic, type AgentId, type CapsuleServiceId, type Change } from '#contracts';
import { isConcerned } from './relevance';

const AGENT_1 = 'agt_1' as AgentId;
const AGENT_2 = 'agt_2' as AgentId;
const SERVICE_1 = 'svc_1' as CapsuleServiceId;
const SERVICE_2 = 'svc_2' as CapsuleServiceId;

const CHANGES: Readonly<Record<string, Change>> = {
  agent1: { topic: 'agent', id: AGENT_1, agentId: AGENT_1 },
  agent2: { topic: 'agent', id: AGENT_2, agentId: AGENT_2 },
  service1: { topic: 'service', id: SERVICE_1, serviceId: SERVICE_1, agentId: AGENT_1 },
  service2: { topic: 'service', id: SERVICE_2, serviceId: SERVICE_2, agentId: AGENT_2 },
  command1: { topic: 'command', id: 'cmd_1', serviceId: SERVICE_1, agentId: AGENT_1 },
  command2: { topic: 'command', id: 'cmd_2', serviceId: SERVICE_2, agentId: AGENT_2 },
  token: { topic: 'registrationToken', id: 'tok_1', agentId: AGENT_1 },
  user: { topic: 'user', id: 'usr_1' },
  settings: { topic: 'settings', id: 'default' },
  audit: { topic: 'audit', id: 'aud_1' },
};

const AGENTS = ['agent1', 'agent2'];
const SERVICES = ['service1', 'service2'];
const COMMANDS = ['command1', 'command2'];

const concerning = (url: string): readonly string[] =>
  Object.entries(CHANGES)
    .filter(([, change]) => isConcerned(url, change))
    .map(([name]) => name);

describe('isConcerned', () => {
  it('is asked here about every topic there is', () => {
    expect(new Set(Object.values(CHANGES).map(({ topic }) => topic))).toEqual(new Set(Object.values(ChangeTopic)));
  });

  it.each([
    ['agents?page=1&sort=name', [...AGENTS, ...SERVICES]],
    ['agents/agt_1', ['agent1', 'service1']],
    ['capsule-services?page=1', [...AGENTS, ...SERVICES]],
    ['capsule-services/health-strips?serviceId=svc_1', SERVICES],
    ['capsule-services/svc_1', [...AGENTS, 'service1']],
    ['capsule-services/svc_2/actions', [...AGENTS, 'service2']],
    ['commands?serviceId=svc_1&page=1', COMMANDS],
    ['commands/cmd_1', ['command1']],
    ['registration-tokens?page=1', ['token']],
    ['users?page=1', ['user']],
    ['audit-events?targetId=svc_1', ['audit']],
    ['dashboard/overview', [...AGENTS, ...SERVICES, ...COMMANDS, 'token']],
    ['metrics', [...AGENTS, ...SERVICES, ...COMMANDS, 'token']],
    ['settings/maintenance', ['settings']],
    ['diagnostics/runtime', ['settings']],
  ])('says what concerns %s', (path, changes) => {
    expect(concerning(`/api/admin/${path}`)).toEqual(changes);
  });

  it.each(['/api/system/version', '/api/admin/something-new?page=1', '/api/admin/auth/me', '/api/thing'])(
    'takes every change to concern %s, of which it knows nothing',
    (url) => {
      expect(concerning(url)).toEqual(Object.keys(CHANGES));
    },
  );

  it('knows an id however it is written in the address', () => {
    const change: Change = { topic: 'command', id: 'cmd/1 ü' };
    expect(isConcerned(`/api/admin/commands/${encodeURIComponent('cmd/1 ü')}`, change)).toBe(true);
  });
});
