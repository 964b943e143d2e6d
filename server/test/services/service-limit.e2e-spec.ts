import type { AgentDetail, ReportServicesResponse } from '#contracts';
import { anAgentDescription, aReportedService, type TestAgent } from '#testing';
import { Database } from '../../src/database/database.js';
import { newToken, register, registerWith } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const MAX = 5;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config: { agentMaxServices: MAX } });
});

const some = (agent: TestAgent, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => aReportedService({ code: `${agent.code}-${from + i}` }));

const report = (agent: TestAgent, from: number, to: number, complete?: boolean): Promise<ReportServicesResponse> =>
  agent.report(some(agent, from, to), complete).expectOk<ReportServicesResponse>();

const codesOf = ({ services, rejected }: ReportServicesResponse) => ({
  accepted: services.map(({ code }) => code).sort(),
  rejected: rejected.map(({ code, error }) => [code, error]),
});

const servicesOf = async (agent: TestAgent): Promise<number> =>
  (await (await app.signIn('viewer')).get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>()).services.length;

describe('an agent with as many services as it may have', () => {
  it('keeps those it has, and is told which were not added', async () => {
    const agent = await app.enrolAgent();
    await report(agent, 0, 3);
    expect(codesOf(await report(agent, 2, 7))).toEqual({
      accepted: [2, 3, 4].map((i) => `${agent.code}-${i}`),
      rejected: [5, 6].map((i) => [`${agent.code}-${i}`, 'AGENT_SERVICE_LIMIT']),
    });
    const again = await report(agent, 0, MAX);
    expect(codesOf(again)).toMatchObject({ accepted: { length: MAX }, rejected: [] });
    expect(await servicesOf(agent)).toBe(MAX);
    const [event] = await app.auditEvents('service.report.rejected');
    expect(event).toMatchObject({ actorId: agent.id, metadata: { error: 'AGENT_SERVICE_LIMIT', ownerAgentId: null } });
  });

  it('can replace them', async () => {
    const agent = await app.enrolAgent();
    await report(agent, 0, MAX);
    expect(codesOf(await report(agent, 10, 10 + MAX, true))).toMatchObject({ accepted: { length: MAX }, rejected: [] });
    expect(await servicesOf(agent)).toBe(MAX);
  });

  it('cannot take codes without end by retiring its services', async () => {
    const agent = await app.enrolAgent();
    for (let turn = 0; turn < 10; turn += 1) await report(agent, turn * MAX, (turn + 1) * MAX, true);
    const { rejected } = await report(agent, 10 * MAX, 11 * MAX, true);
    expect(rejected.map(({ error }) => error)).toEqual(Array(MAX).fill('AGENT_SERVICE_LIMIT'));
  });

  it('cannot add one when it registers again', async () => {
    const agent = await app.enrolAgent();
    await report(agent, 0, MAX);
    const { token } = await (await app.signIn('operator')).createToken({ agentCode: agent.code });
    const more = aReportedService({ code: `${agent.code}-more` });
    await register(app, token, { code: agent.code }, more).expectError(409, 'AGENT_SERVICE_LIMIT');
    await registerWith(app, { agentCode: agent.code }, { code: agent.code });
  });

  it('does not limit the others', async () => {
    const agent = await app.enrolAgent();
    expect(codesOf(await report(agent, 0, MAX)).rejected).toEqual([]);
    await register(app, await newToken(app), anAgentDescription(), aReportedService()).expectOk();
  });
});

describe('the answer to a report', () => {
  it('is made of the services of the report, not of all that the agent has', async () => {
    const agent = await app.enrolAgent();
    await report(agent, 0, MAX);
    const query = jest.spyOn(app.nest.get(Database), 'query');
    const renamed = { ...aReportedService({ code: `${agent.code}-1` }), name: 'Renamed' };
    const { services } = await agent.report([renamed]).expectOk<ReportServicesResponse>();
    const reads = await Promise.all(query.mock.results.map(({ value }) => value as Promise<readonly unknown[]>));
    const texts = query.mock.calls.map(([text]) => text);
    query.mockRestore();
    expect(services).toMatchObject([{ code: `${agent.code}-1`, name: 'Renamed' }]);
    const ofServices = reads.filter((_, i) => texts[i]?.includes('derived_status'));
    expect(ofServices.map((rows) => rows.length)).toEqual([1, 1]);
  });
});
