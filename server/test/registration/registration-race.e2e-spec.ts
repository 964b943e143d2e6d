import type { AgentSummary, CapsuleService, RegisterAgentResponse } from '#contracts';
import { aReportedService } from '#testing';
import { newToken, register, tokenRow } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});

const allAgents = async (): Promise<readonly AgentSummary[]> =>
  (await (await app.signIn('viewer')).get('/api/admin/agents?pageSize=100').expectPage<AgentSummary>()).data;

describe('concurrent registrations', () => {
  it('let one of 50 agents use a token, and tell the others that it is used', async () => {
    const token = await (await app.signIn('operator')).createToken();
    const answers = await Promise.all(Array.from({ length: 50 }, () => register(app, token.token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers) if (!won.includes(answer)) answer.error(409, 'REGISTRATION_TOKEN_USED');

    const { agentId } = won[0]!.data<RegisterAgentResponse>();
    expect(await allAgents()).toMatchObject([{ id: agentId, status: 'ONLINE' }]);
    expect(await tokenRow(app, token.id)).toMatchObject({ status: 'USED', usedByAgentId: agentId });
    expect(await app.auditEvents('agent.registered')).toHaveLength(1);
    expect(await app.auditEvents('registration_token.consumed')).toHaveLength(1);
  });

  it('give a new code to one agent, and let the others keep their tokens', async () => {
    const operator = await app.signIn('operator');
    const tokens = await Promise.all(Array.from({ length: 8 }, () => operator.createToken()));
    const answers = await Promise.all(tokens.map(({ token }) => register(app, token, { code: 'contested' })));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers) if (!won.includes(answer)) answer.error(409, 'AGENT_CODE_TAKEN');
    expect(await allAgents()).toHaveLength(1);
    const statuses = await Promise.all(tokens.map(async ({ id }) => (await tokenRow(app, id)).status));
    expect(statuses.sort()).toEqual([...Array.from({ length: 7 }, () => 'ACTIVE'), 'USED']);
  });

  it('give a silent agent’s code to one of the applicants', async () => {
    await register(app, await newToken(app), { code: 'silent' }).expectOk();
    app.clock.advance(91);
    const tokens = await Promise.all(Array.from({ length: 6 }, () => newToken(app)));
    const answers = await Promise.all(tokens.map((token) => register(app, token, { code: 'silent' })));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers) if (!won.includes(answer)) answer.error(409, 'AGENT_CODE_TAKEN');
    expect(await app.auditEvents('agent.token.rotated')).toHaveLength(1);
  });

  it('give a new service to one agent, and create no other agent', async () => {
    const service = aReportedService({ code: 'wanted' });
    const tokens = await Promise.all(Array.from({ length: 8 }, () => newToken(app)));
    const answers = await Promise.all(tokens.map((token) => register(app, token, {}, service)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers) if (!won.includes(answer)) answer.error(409, 'CAPSULE_SERVICE_CODE_TAKEN');
    const { agentId } = won[0]!.data<RegisterAgentResponse>();
    expect(await allAgents()).toMatchObject([{ id: agentId, serviceCount: 1 }]);
    const viewer = await app.signIn('viewer');
    const services = await viewer.get('/api/admin/capsule-services').expectPage<CapsuleService>();
    expect(services.data).toMatchObject([{ code: 'wanted', agentId }]);
  });
});
