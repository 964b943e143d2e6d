import type { AgentCommand, Command, SystemHealth } from '#contracts';
import { anAgentDescription, aReportedService, eventually, TestAgent, TestOperator } from '#testing';
import { PgBouncer } from '../support/edges/pgbouncer.js';
import { OWNER, ServerPair } from '../support/server-pair.js';

describe('two servers behind a connection pooler in transaction mode, where notifications do not arrive', () => {
  let servers: ServerPair;
  let operator: TestOperator;
  let agent: TestAgent;
  let action: string;

  beforeAll(async () => {
    servers = await ServerPair.start((url) => PgBouncer.inFrontOf(url));
    operator = await TestOperator.signIn(servers.a.api, OWNER.username, OWNER.password);
    const { token } = await operator.createToken();
    const atA = await TestAgent.register(servers.a.api, { registrationToken: token, agent: anAgentDescription() });
    const service = await atA.reportService(aReportedService());
    action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    agent = atA.at(servers.b.api);
  });
  afterAll(async () => {
    await servers.stop();
  });

  it('say so in their health', async () => {
    for (const { api } of [servers.a, servers.b]) {
      const health = await api.get('/health').expectOk<SystemHealth>();
      expect(health).toMatchObject({ status: 'DEGRADED', concerns: [{ code: 'CHANGES_NOT_HEARD' }] });
    }
  });

  it('still deliver a command to the poll held at the other', async () => {
    const polled = agent.park(30).expectOk<readonly AgentCommand[]>();
    const { id } = await operator.post(action, { payload: { text: 'hi' } }).expectOk<Command>();
    expect(await polled).toMatchObject([{ id }]);
    await agent.complete(id, { success: true }).expectOk();
  });

  it('still cut off an agent that was revoked at the other', async () => {
    await agent.heartbeat().expectOk();
    await operator.post(`/api/admin/agents/${agent.id}/revoke`).expectOk();
    await eventually('the other server refuses the agent', async () => (await agent.heartbeat()).status === 403);
  });
});
