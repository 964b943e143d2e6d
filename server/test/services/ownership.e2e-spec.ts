import type { AcceptedService, CapsuleService, ReportServicesResponse } from '#contracts';
import { aReportedService, type TestAgent } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const claim = (agent: TestAgent, { code }: AcceptedService): Promise<ReportServicesResponse> =>
  agent.report([aReportedService({ code })]).expectOk<ReportServicesResponse>();

const listed = async (query = ''): Promise<readonly string[]> => {
  const viewer = await app.signIn('viewer');
  const { data } = await viewer.get(`/api/admin/capsule-services?pageSize=100${query}`).expectPage<CapsuleService>();
  return data.map(({ code }) => code);
};

describe('A service that another agent reports', () => {
  it('stays with its live owner, even if the owner is silent', async () => {
    const { agent: owner, service, ...governed } = await GovernedService.of(app);
    const other = await app.enrolAgent();
    const taken = { services: [], rejected: [{ code: service.code, error: 'CAPSULE_SERVICE_CODE_TAKEN' }] };
    expect(await claim(other, service)).toEqual(taken);
    app.clock.advance(300);
    expect(await claim(other, service)).toEqual(taken);
    const kept = await governed.operator.get(`/api/admin/capsule-services/${service.id}`).expectOk<CapsuleService>();
    expect(kept.agentId).toBe(owner.id);
  });

  it('is audited as rejected once a minute, on one service, with the other codes', async () => {
    const [first, second] = [await GovernedService.of(app), await GovernedService.of(app)];
    const other = await app.enrolAgent();
    const codes = [first, second].map(({ service }) => service.code).sort();
    const taken = codes.map((code) => aReportedService({ code }));
    for (let i = 0; i < 3; i += 1) await other.report([...taken, aReportedService()]).expectOk();
    const [named, also] = codes[0] === first.service.code ? [first, second] : [second, first];
    const event = {
      actorType: 'AGENT',
      actorId: other.id,
      result: 'FAILURE',
      metadata: {
        code: named.service.code,
        ownerAgentId: named.agent.id,
        otherCodes: [also.service.code],
        suppressedSinceLast: 0,
      },
    };
    expect(await named.events('service.report.rejected')).toMatchObject([event]);
    app.clock.advance(61);
    await other.report(taken).expectOk();
    expect((await named.events('service.report.rejected'))[0]).toMatchObject({ metadata: { suppressedSinceLast: 2 } });
  });

  it.each(['offline', 'disable', 'revoke'] as const)(
    'moves with id and history when its owner is inactive: %s',
    async (why) => {
      const governed = await GovernedService.of(app, { health: { status: 'DOWN' } });
      const { agent: owner, service, operator } = governed;
      const { id: oldCommand } = await governed.pending();
      if (why === 'offline') {
        app.clock.advance(91);
        await app.runMaintenance();
      } else await operator.post(`/api/admin/agents/${owner.id}/${why}`).expectOk();
      const heir = await app.enrolAgent();
      const { services, rejected } = await claim(heir, service);
      expect(rejected).toEqual([]);
      expect(services).toMatchObject([{ id: service.id, agentId: heir.id, agentCode: heir.code, status: 'HEALTHY' }]);

      const shown = await governed.shown();
      expect(shown).toMatchObject({ id: service.id, agentId: heir.id, createdAt: service.createdAt });
      const { history } = await operator.get(`${governed.path}/health`).expectOk<{ history: { status: string }[] }>();
      expect(history.map(({ status }) => status)).toEqual(['UP', 'DOWN']);
      expect((await governed.command(oldCommand)).serviceId).toBe(service.id);
      expect(await governed.events('service.moved')).toMatchObject([
        {
          actorType: 'AGENT',
          actorId: heir.id,
          targetType: 'CapsuleService',
          metadata: { fromAgentId: owner.id, toAgentId: heir.id },
        },
      ]);
      const { id } = await governed.pending();
      expect((await heir.poll()).map((command) => command.id)).toEqual([id]);
    },
  );

  it('does not move back when its old owner returns', async () => {
    const { agent: owner, service } = await GovernedService.of(app);
    app.clock.advance(91);
    await app.runMaintenance();
    const heir = await app.enrolAgent();
    await claim(heir, service);
    expect((await claim(owner, service)).rejected).toHaveLength(1);
    const old = await owner.heartbeat({ services: [{ code: service.code, health: { status: 'DOWN' } }] });
    expect(old.status).toBe(200);
    const viewer = await app.signIn('viewer');
    const shown = await viewer.get(`/api/admin/capsule-services/${service.id}`).expectOk<CapsuleService>();
    expect(shown).toMatchObject({ agentId: heir.id, healthStatus: 'UP' });
  });
});

describe('A service that a complete report leaves out', () => {
  it('is retired: hidden, kept, audited, and not available for commands', async () => {
    const governed = await GovernedService.of(app);
    const { agent, service } = governed;
    const kept = aReportedService();
    await agent.report([kept], true).expectOk();
    expect(await listed()).not.toContain(service.code);
    expect(await listed('&includeRetired=true')).toEqual(expect.arrayContaining([service.code, kept.code]));
    expect(await governed.shown()).toMatchObject({ id: service.id, retiredAt: anInstant() });
    expect(await governed.events('service.retired')).toMatchObject([{ actorType: 'AGENT', actorId: agent.id }]);
    await governed.execute().expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    await agent.report([kept], true).expectOk();
    expect(await governed.events('service.retired')).toHaveLength(1);
  });

  it('returns with its id when it is reported again, changed or not', async () => {
    const governed = await GovernedService.of(app);
    const { agent, service } = governed;
    await agent.report([], true).expectOk();
    const again = await agent.reportService(aReportedService({ code: service.code }));
    expect(again).toMatchObject({ id: service.id, retiredAt: null });
    expect(await listed()).toContain(service.code);
    expect((await governed.events('service.reported'))[0]!.metadata).toMatchObject({ fields: [], returned: true });
    await governed.execute().expectOk();
  });

  it('is not retired by an incomplete report or another agent’s', async () => {
    const { agent, service } = await GovernedService.of(app);
    const other = await app.enrolAgent();
    await agent.report([aReportedService()]).expectOk();
    await agent.report([], false).expectOk();
    await other.report([], true).expectOk();
    expect(await listed()).toContain(service.code);
  });
});

describe('Services that several agents report at once', () => {
  /** All agents report the same services at the same time, every other agent in reverse order. */
  const reportAtOnce = async (codes: readonly string[]): Promise<readonly ReportServicesResponse[]> => {
    const agents = await Promise.all(Array.from({ length: 8 }, () => app.enrolAgent()));
    return Promise.all(
      agents.map((agent, i) => {
        const order = i % 2 === 0 ? codes : [...codes].reverse();
        return agent.report(order.map((code) => aReportedService({ code }))).expectOk<ReportServicesResponse>();
      }),
    );
  };

  const expectOneOwnerEach = (answers: readonly ReportServicesResponse[], codes: readonly string[]): void => {
    for (const code of codes) {
      expect(answers.flatMap(({ services }) => services).filter((one) => one.code === code)).toHaveLength(1);
      expect(answers.flatMap(({ rejected }) => rejected).filter((one) => one.code === code)).toHaveLength(7);
    }
  };

  it('each belong to one agent when they are new', async () => {
    const codes = ['race-a', 'race-b', 'race-c'];
    expectOneOwnerEach(await reportAtOnce(codes), codes);
  });

  it('each move to one agent when their owner is inactive', async () => {
    const { agent: gone, service, operator } = await GovernedService.of(app);
    const another = await gone.reportService(aReportedService());
    await operator.post(`/api/admin/agents/${gone.id}/disable`).expectOk();
    const codes = [service.code, another.code];
    expectOneOwnerEach(await reportAtOnce(codes), codes);
    const moved = (await app.auditEvents('service.moved')).map(({ targetId }) => targetId);
    expect(moved.filter((id) => id === service.id || id === another.id)).toHaveLength(2);
  });
});
