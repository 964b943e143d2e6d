import type { AcceptedService, Manifest, ReportServicesResponse } from '#contracts';
import { anAction, aReportedService } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { anId, anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

describe('A report', () => {
  it('is answered with each service as stored', async () => {
    const agent = await app.enrolAgent({ name: 'Reporter' });
    const [first, second] = [aReportedService({ name: 'First' }), aReportedService({ name: 'Second' })];
    const answer = await agent.report([first, second]);
    const expected = (service: typeof first): AcceptedService => ({
      id: anId('svc'),
      code: service.code,
      name: service.name,
      description: null,
      version: '1.0.0',
      runtime: 'nodejs',
      agentId: agent.id,
      agentCode: agent.code,
      agentName: 'Reporter',
      agentStatus: 'ONLINE',
      agentLastSeenAt: anInstant(),
      agentSilent: false,
      status: 'HEALTHY',
      healthStatus: 'UP',
      healthMessage: null,
      healthSince: anInstant(),
      labels: {},
      lastReportedAt: anInstant(),
      retiredAt: null,
      createdAt: anInstant(),
      updatedAt: anInstant(),
      accepted: true,
    });
    expect(answer.json()).toEqual({
      success: true,
      data: { services: [expected(first), expected(second)], rejected: [] },
    });
  });

  it('may be empty', async () => {
    const agent = await app.enrolAgent();
    expect(await agent.report([]).expectOk()).toEqual({ services: [], rejected: [] });
  });

  it('appears in the detail with manifest, health, configs and actions, with defaults filled in', async () => {
    const governed = await GovernedService.of(app, {
      health: { status: 'DEGRADED', message: 'slow disk', details: { disk: { usedPercent: 91 } } },
      configs: [
        { key: 'http.port', type: 'number', label: 'Port', source: 'env', editable: true, valuePreview: 8080 },
        { key: 'mode', type: 'string' },
      ],
      actions: [anAction({ name: 'second', order: 2 }), { name: 'first', label: 'First', order: 1 }],
    });
    const shown = await governed.shown();
    expect(shown).toMatchObject({ id: governed.service.id, status: 'UNHEALTHY', healthMessage: 'slow disk' });
    expect(shown.health).toEqual({
      id: anId('hlr'),
      serviceId: governed.service.id,
      status: 'DEGRADED',
      message: 'slow disk',
      details: { disk: { usedPercent: 91 } },
      reportedAt: anInstant(),
    });
    expect(shown.configs).toEqual([
      {
        id: anId('cfg'),
        serviceId: governed.service.id,
        key: 'http.port',
        type: 'number',
        label: 'Port',
        source: 'env',
        editable: true,
        sensitive: false,
        configured: true,
        valuePreview: 8080,
        defaultValue: null,
        secretRef: null,
        updatedAt: anInstant(),
      },
      expect.objectContaining({ key: 'mode', editable: false, configured: false, valuePreview: null }),
    ]);
    expect(shown.actions).toEqual([
      {
        id: anId('act'),
        serviceId: governed.service.id,
        name: 'first',
        label: 'First',
        description: null,
        category: null,
        order: 1,
        dangerLevel: 'LOW',
        requiresConfirmation: false,
        inputSchema: null,
        timeoutSeconds: null,
        enabled: true,
      },
      expect.objectContaining({ name: 'second', inputSchema: anAction().inputSchema }),
    ]);
    const { operator, path } = governed;
    expect(await operator.get(`${path}/manifest`).expectOk()).toEqual(shown.manifest);
    expect(await operator.get(`${path}/configs`).expectOk()).toEqual(shown.configs);
    expect(await operator.get(`${path}/actions`).expectOk()).toEqual(shown.actions);
    expect(await operator.get(`${path}/health`).expectOk()).toEqual({
      ...shown.health,
      latest: shown.health,
      history: [shown.health],
      atStart: null,
    });
  });

  it('keeps a manifest with its unknown fields', async () => {
    const manifest = {
      kind: 'CapsuleService',
      schemaVersion: '1.7',
      code: 'with-manifest',
      name: 'From the manifest',
      version: '9.9.9',
      runtime: 'go',
      agentMode: 'sidecar',
      capabilities: ['a', 'b'],
      labels: { team: 'core', tier: '1' },
      constructor: { toString: 'is a word too' },
      'x-owner': { mail: ['a@example.org'] },
    } as unknown as Manifest;
    const governed = await GovernedService.of(app, {
      code: 'with-manifest',
      manifest,
      version: undefined,
      runtime: undefined,
    });
    expect(await governed.operator.get(`${governed.path}/manifest`).expectOk()).toEqual(manifest);
    const shown = await governed.shown();
    expect(shown).toMatchObject({ name: 'A service', version: '9.9.9', runtime: 'go' });
    expect(shown.labels).toEqual({ team: 'core', tier: '1' });
  });

  it('gets a manifest when it has none', async () => {
    const governed = await GovernedService.of(app, { code: 'no-manifest', name: 'Plain', version: '1.2.3' });
    expect((await governed.shown()).manifest).toEqual({
      kind: 'CapsuleService',
      schemaVersion: '1.0',
      code: 'no-manifest',
      name: 'Plain',
      version: '1.2.3',
      runtime: 'nodejs',
    });
  });

  it.each(['manifest', 'health', 'configs', 'actions', ''])(
    'is answered with 404 for an unknown service: /%s',
    async (part) => {
      const viewer = await app.signIn('viewer');
      await viewer.get(`/api/admin/capsule-services/svc_none/${part}`).expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    },
  );

  it('is stored except for a service that another agent owns', async () => {
    const owner = await GovernedService.of(app);
    const agent = await app.enrolAgent();
    const mine = aReportedService();
    const answer = await agent
      .report([aReportedService({ code: owner.service.code, name: 'Stolen' }), mine])
      .expectOk<ReportServicesResponse>();
    expect(answer.services.map(({ code }) => code)).toEqual([mine.code]);
    expect(answer.rejected).toEqual([{ code: owner.service.code, error: 'CAPSULE_SERVICE_CODE_TAKEN' }]);
    expect(await owner.shown()).toMatchObject({ name: 'A service', agentId: owner.agent.id });
  });
});
