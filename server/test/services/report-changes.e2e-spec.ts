import type {
  AcceptedService,
  AuditAction,
  CapsuleServiceDetail,
  ReportedService,
  ReportServicesResponse,
} from '#contracts';
import { anAction, aReportedService } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const REPORT_EVENTS: readonly AuditAction[] = [
  'service.reported',
  'service.config.changed',
  'service.version.changed',
  'service.health.changed',
];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const FULL: Omit<ReportedService, 'code'> = {
  name: 'Full',
  version: '1.0.0',
  runtime: 'nodejs',
  health: { status: 'UP' },
  configs: [
    { key: 'a', type: 'string', valuePreview: 'x' },
    { key: 'b', type: 'object', valuePreview: { deep: [1, { two: null }] } },
    { key: 'db.password', type: 'string', valuePreview: 'secret' },
  ],
  actions: [anAction(), { name: 'restart', label: 'Restart', dangerLevel: 'HIGH', requiresConfirmation: true }],
};

/** All columns except the times of the last contact. */
const contentOf = ({ lastReportedAt, agentLastSeenAt, ...content }: CapsuleServiceDetail): object => content;

const reportAgain = (
  { agent, service }: GovernedService,
  changes: Partial<ReportedService>,
): Promise<AcceptedService> => agent.reportService(aReportedService({ ...FULL, ...changes, code: service.code }));

describe('A report of a known service', () => {
  it('changes only its time when its content is the same, in any order', async () => {
    const governed = await GovernedService.of(app, FULL);
    const before = await governed.shown();
    app.clock.advance(30);
    const swapped = { properties: anAction().inputSchema!.properties!, ...anAction().inputSchema };
    await reportAgain(governed, { actions: [anAction({ inputSchema: swapped }), FULL.actions![1]!] });
    await app.settle();
    const after = await governed.shown();
    expect(contentOf(after)).toEqual(contentOf(before));
    expect(after.lastReportedAt > before.lastReportedAt).toBe(true);
    expect(await governed.events(...REPORT_EVENTS)).toHaveLength(1);
  });

  it('does not change parts it leaves out, and is not audited for them', async () => {
    const governed = await GovernedService.of(app, FULL);
    const before = await governed.shown();
    await reportAgain(governed, { configs: undefined, actions: undefined, health: undefined });
    await reportAgain(governed, {});
    const after = await governed.shown();
    expect(contentOf(after)).toEqual(contentOf(before));
    expect(await governed.events(...REPORT_EVENTS)).toHaveLength(1);
  });

  it('keeps the ids of unchanged parts, and is audited with the names of changed ones', async () => {
    const governed = await GovernedService.of(app, FULL);
    const before = await governed.shown();
    await reportAgain(governed, {
      configs: [{ key: 'a', type: 'string', valuePreview: 'y' }, FULL.configs![2]!, { key: 'c', type: 'string' }],
      actions: [anAction({ label: 'Say it' }), anAction({ name: 'shout' })],
    });
    const after = await governed.shown();
    const idOf = (shown: typeof before, key: string): string | undefined =>
      [...shown.configs, ...shown.actions].find((one) => ('key' in one ? one.key : one.name) === key)?.id;
    for (const key of ['a', 'db.password', 'echo']) expect(idOf(after, key)).toBe(idOf(before, key));
    for (const key of ['b', 'restart']) expect(idOf(after, key)).toBeUndefined();
    expect(after.configs.find(({ key }) => key === 'a')).toMatchObject({ valuePreview: 'y' });
    expect(after.actions.find(({ name }) => name === 'echo')).toMatchObject({ label: 'Say it' });

    const actor = { actorType: 'AGENT', actorId: governed.agent.id, targetType: 'CapsuleService', result: 'SUCCESS' };
    const configs = { added: ['c'], changed: ['a'], removed: ['b'] };
    const actions = { added: ['shout'], changed: ['echo'], removed: ['restart'] };
    expect((await governed.events(...REPORT_EVENTS)).slice(0, 2)).toMatchObject([
      { ...actor, action: 'service.reported', metadata: { fields: [], configs, actions, returned: false } },
      { ...actor, action: 'service.config.changed', metadata: configs },
    ]);
  });

  it('is audited with the old and new version', async () => {
    const governed = await GovernedService.of(app, FULL);
    await reportAgain(governed, { version: '1.1.0', name: 'Renamed' });
    expect((await governed.shown()).version).toBe('1.1.0');
    expect((await governed.events(...REPORT_EVENTS)).slice(0, 2)).toMatchObject([
      {
        action: 'service.reported',
        metadata: { fields: ['name', 'version', 'manifest'], configs: null, actions: null },
      },
      { action: 'service.version.changed', metadata: { from: '1.0.0', to: '1.1.0' } },
    ]);
  });

  it('is audited with the old and new health, as is a heartbeat', async () => {
    const governed = await GovernedService.of(app, FULL);
    const { agent, service } = governed;
    await reportAgain(governed, { health: { status: 'DOWN', message: 'no database' } });
    await agent.heartbeat({ health: { status: 'UP' } }).expectOk();
    await agent.heartbeat({ serviceId: service.id, health: { status: 'DEGRADED' } }).expectOk();
    await agent.heartbeat({ services: [{ code: service.code, health: { status: 'UP' } }] }).expectOk();
    const events = await governed.events('service.health.changed');
    expect(events.map(({ metadata }) => [metadata.from, metadata.to, metadata.message])).toEqual([
      ['DEGRADED', 'UP', null],
      ['UP', 'DEGRADED', null],
      ['DOWN', 'UP', null],
      ['UP', 'DOWN', 'no database'],
    ]);
    expect(events[0]).toMatchObject({ actorType: 'AGENT', actorId: agent.id, targetType: 'CapsuleService' });
  });

  it('is audited with its counts the first time', async () => {
    const governed = await GovernedService.of(app, FULL);
    expect(await governed.events(...REPORT_EVENTS)).toMatchObject([
      {
        action: 'service.reported',
        actorId: governed.agent.id,
        metadata: { created: true, version: '1.0.0', configs: 3, actions: 2 },
      },
    ]);
  });

  it('is stored completely or not at all', async () => {
    const governed = await GovernedService.of(app, FULL);
    const before = await governed.shown();
    const action = { name: 'twice', label: 'x' };
    const broken = { ...FULL, code: governed.service.code, name: 'Half', actions: [action, action] };
    const { rejected } = await governed.agent.report([broken]).expectOk<ReportServicesResponse>();
    expect(rejected).toMatchObject([{ code: governed.service.code, error: 'VALIDATION_FAILED' }]);
    const { name, actions } = await governed.shown();
    expect({ name, actions }).toEqual({ name: before.name, actions: before.actions });
  });
});
