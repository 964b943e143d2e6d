import type { AgentDetail, CapsuleServiceDetail, ReportServicesResponse } from '#contracts';
import { aReportedService, type ApiCall, type TestAgent } from '#testing';
import { DomainError } from '../../src/common/errors.js';
import { CapsuleServicesService } from '../../src/modules/agents/services/capsule-services.service.js';
import { GovernedService } from '../support/governed-service.js';
import { parked } from '../support/hang-up.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const move = (governed: GovernedService, agentId: string): ApiCall =>
  governed.operator.post(`${governed.path}/move`, { agentId });

const report = ({ service }: GovernedService, agent: TestAgent): Promise<ReportServicesResponse> =>
  agent.report([aReportedService({ code: service.code })]).expectOk<ReportServicesResponse>();

describe('Moving a service', () => {
  it('assigns it, with its id and history, to another agent, whose reports are stored from then on', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    const heir = await app.enrolAgent();
    const moved = await move(governed, heir.id).expectOk<CapsuleServiceDetail>();
    expect(moved).toMatchObject({ id: governed.service.id, agentId: heir.id, agentCode: heir.code });
    expect((await report(governed, governed.agent)).rejected).toHaveLength(1);
    expect((await report(governed, heir)).services).toMatchObject([{ id: governed.service.id, agentId: heir.id }]);
    const viewer = await app.signIn('viewer');
    const owner = await viewer.get(`/api/admin/agents/${governed.agent.id}`).expectOk<AgentDetail>();
    expect(owner.services).toEqual([]);
  });

  it('is audited with its operator, and repeating it changes nothing', async () => {
    const governed = await GovernedService.of(app);
    const heir = await app.enrolAgent();
    for (let i = 0; i < 2; i += 1) await move(governed, heir.id).expectOk();
    expect(await governed.events('service.moved')).toMatchObject([
      {
        actorType: 'USER',
        actorName: 'operator',
        targetType: 'CapsuleService',
        result: 'SUCCESS',
        metadata: { fromAgentId: governed.agent.id, toAgentId: heir.id },
      },
    ]);
  });

  it('cancels its pending commands, while running ones finish on their agent', async () => {
    const governed = await GovernedService.of(app);
    const running = await governed.running();
    const waiting = await governed.pending();
    const heir = await app.enrolAgent();
    await move(governed, heir.id).expectOk();
    expect(await governed.command(waiting.id)).toMatchObject({ status: 'CANCELLED' });
    expect(await governed.commandEvents(waiting.id, 'command.cancelled')).toMatchObject([
      { actorType: 'USER', actorName: 'operator', metadata: { wasDelivered: false } },
    ]);
    await governed.agent.complete(running.id, { success: true }).expectOk();
    expect(await governed.command(running.id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await governed.agent.poll()).toEqual([]);
  });

  it('cancels them in the same transaction: if that fails, neither happens', async () => {
    const governed = await GovernedService.of(app);
    const waiting = await governed.pending();
    const heir = await app.enrolAgent();
    let seen: unknown;
    app.nest.get(CapsuleServicesService).onMove(async (tx, _, serviceId) => {
      if (serviceId !== governed.service.id || seen) return;
      seen = await tx.query(
        `SELECT command.status, service.agent_id AS owner FROM commands command
          JOIN capsule_services service ON service.id = command.service_id WHERE command.id = :id`,
        { id: waiting.id },
      );
      throw new DomainError('SERVICE_UNAVAILABLE', 'Not now.');
    });
    await move(governed, heir.id).expectError(503, 'SERVICE_UNAVAILABLE');
    expect(seen).toEqual([{ status: 'CANCELLED', owner: heir.id }]);
    expect(await governed.shown()).toMatchObject({ agentId: governed.agent.id });
    expect(await governed.command(waiting.id)).toMatchObject({ status: 'PENDING' });
    expect(await governed.commandEvents(waiting.id, 'command.cancelled')).toEqual([]);

    await move(governed, heir.id).expectOk();
    expect(await governed.command(waiting.id)).toMatchObject({ status: 'CANCELLED' });
  });

  it('sends new commands to the new agent immediately, also to a parked poll', async () => {
    const governed = await GovernedService.of(app);
    const heir = await app.enrolAgent();
    await move(governed, heir.id).expectOk();
    const poll = heir.park();
    await parked(app, 1);
    const { id } = await governed.pending();
    expect(await poll.expectOk()).toMatchObject([{ id }]);
  });

  it.each([
    ['disable', 'AGENT_DISABLED'],
    ['revoke', 'AGENT_REVOKED'],
  ] as const)('requires an agent with access: %s', async (verb, code) => {
    const governed = await GovernedService.of(app);
    const heir = await app.enrolAgent();
    await governed.operator.post(`/api/admin/agents/${heir.id}/${verb}`).expectOk();
    await move(governed, heir.id).expectError(409, code);
    expect(await governed.shown()).toMatchObject({ agentId: governed.agent.id });
  });

  it('requires an agent that is online', async () => {
    const governed = await GovernedService.of(app);
    const heir = await app.enrolAgent();
    app.clock.advance(91);
    await app.runMaintenance();
    await move(governed, heir.id).expectError(409, 'AGENT_OFFLINE');
    expect(await governed.events('service.moved')).toEqual([]);
  });

  it('requires an existing service and agent, and a valid body', async () => {
    const governed = await GovernedService.of(app);
    const unknown = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const path = `/api/admin/capsule-services/svc_${unknown}/move`;
    const agentId = governed.agent.id;
    await governed.operator.post(path, { agentId }).expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    await move(governed, `agt_${unknown}`).expectError(404, 'AGENT_NOT_FOUND');
    for (const body of [{}, { agentId: 1 }, { agentId, status: 'HEALTHY' }])
      await governed.operator.post(`${governed.path}/move`, body).expectError(422, 'VALIDATION_FAILED');
  });

  it('requires the role operator', async () => {
    const governed = await GovernedService.of(app);
    const viewer = await app.signIn('viewer');
    await viewer.post(`${governed.path}/move`, { agentId: governed.agent.id }).expectError(403, 'FORBIDDEN');
  });

  it('happens one move at a time when several are requested at once, each audited', async () => {
    const governed = await GovernedService.of(app);
    const heirs = await Promise.all(Array.from({ length: 5 }, () => app.enrolAgent()));
    await Promise.all(heirs.map(({ id }) => move(governed, id).expectOk()));
    const steps = (await governed.events('service.moved')).map(
      ({ metadata }) => metadata as { fromAgentId: string; toAgentId: string },
    );
    expect(steps).toHaveLength(heirs.length);
    let at: string = governed.agent.id;
    const remaining = [...steps];
    while (remaining.length > 0) {
      const next = remaining.findIndex(({ fromAgentId }) => fromAgentId === at);
      expect(next).toBeGreaterThanOrEqual(0);
      at = remaining.splice(next, 1)[0]!.toAgentId;
    }
    expect(await governed.shown()).toMatchObject({ agentId: at });
  });
});

describe('A command for a service that moved without an operator', () => {
  it('is not sent to the old agent when that returns', async () => {
    const governed = await GovernedService.of(app);
    const { id } = await governed.pending();
    app.clock.advance(91);
    await app.runMaintenance();
    const heir = await app.enrolAgent();
    await report(governed, heir);
    await governed.agent.heartbeat().expectOk();
    expect(await governed.agent.poll()).toEqual([]);
    expect(await governed.command(id)).toMatchObject({ status: 'PENDING', agentId: governed.agent.id });
  });
});
