import type { MaintenanceSettings } from '#contracts';
import { eventually } from '#testing';
import { MaintenanceScheduler } from '../../src/modules/maintenance/maintenance-scheduler.js';
import { aText, listWith } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const SETTINGS = '/api/admin/settings/maintenance';
const CONFIGURED = {
  agentOfflineThresholdSeconds: 90,
  auditRetentionDays: 90,
  commandRetentionDays: 90,
  healthRetentionDays: 90,
  maintenanceIntervalSeconds: 0,
};

const settingsOf = async (app: TestApp): Promise<MaintenanceSettings> =>
  (await app.signIn('viewer')).get(SETTINGS).expectOk<MaintenanceSettings>();

const change = async (app: TestApp, changes: object): Promise<MaintenanceSettings> =>
  (await app.signIn('owner')).patch(SETTINGS, changes).expectOk<MaintenanceSettings>();

const offlineAgents = async (app: TestApp): Promise<number> => (await app.auditEvents('system.agent.offline')).length;

describe('the maintenance settings', () => {
  it('come from the environment until a user changes them', async () => {
    const app = await startTestApp({ config: { auditRetentionDays: 7 } });
    expect(await settingsOf(app)).toEqual({ ...CONFIGURED, auditRetentionDays: 7 });
  });

  it('change immediately, only in the given fields, and are returned as changed', async () => {
    const app = await startTestApp();
    const changed = { ...CONFIGURED, auditRetentionDays: 30 };
    expect(await change(app, { auditRetentionDays: 30 })).toEqual(changed);
    expect(await settingsOf(app)).toEqual(changed);
    const all = {
      agentOfflineThresholdSeconds: 60,
      auditRetentionDays: 0,
      commandRetentionDays: 0,
      healthRetentionDays: 36_500,
      maintenanceIntervalSeconds: 86_400,
    };
    expect(await change(app, all)).toEqual(all);
  });

  it('survive a restart, while unchanged ones still come from the environment', async () => {
    const before = await startTestApp();
    await change(before, { auditRetentionDays: 30 });
    await before.stop();
    const config = { auditRetentionDays: 1, agentOfflineThresholdSeconds: 600 };
    const after = await startTestApp({ beside: before, config });
    const expected = { ...CONFIGURED, auditRetentionDays: 30, agentOfflineThresholdSeconds: 600 };
    expect(await (await after.signIn('owner')).get(SETTINGS).expectOk<MaintenanceSettings>()).toEqual(expected);
  });

  it('are audited with their old and new values', async () => {
    const app = await startTestApp();
    await change(app, { auditRetentionDays: 30 });
    const [event] = await app.auditEvents('settings.maintenance.updated');
    expect(event).toMatchObject({
      actorName: 'owner',
      targetType: 'Workspace',
      targetId: 'default',
      metadata: { before: CONFIGURED, after: { ...CONFIGURED, auditRetentionDays: 30 } },
    });
  });

  it('are not audited when nothing changes', async () => {
    const app = await startTestApp();
    for (const same of [{}, CONFIGURED, { auditRetentionDays: 90 }]) {
      expect(await change(app, same)).toEqual(CONFIGURED);
    }
    expect(await app.auditEvents('settings.maintenance.updated')).toEqual([]);
  });

  it('keep all of several simultaneous changes', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    await change(app, { auditRetentionDays: 60 });
    const changes = [
      { auditRetentionDays: 30 },
      { agentOfflineThresholdSeconds: 120 },
      { maintenanceIntervalSeconds: 600 },
    ];
    await Promise.all(changes.map((one) => owner.patch(SETTINGS, one).expectOk()));
    const expected = {
      ...CONFIGURED,
      auditRetentionDays: 30,
      agentOfflineThresholdSeconds: 120,
      maintenanceIntervalSeconds: 600,
    };
    expect(await settingsOf(app)).toEqual(expected);
    await app.stop();
    const after = await startTestApp({ beside: app });
    expect(await (await after.signIn('owner')).get(SETTINGS).expectOk()).toEqual(expected);
  });

  it('are refused when they are invalid', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    for (const [body, path] of [
      [{ agentOfflineThresholdSeconds: 0 }, 'agentOfflineThresholdSeconds'],
      [{ agentOfflineThresholdSeconds: 86_401 }, 'agentOfflineThresholdSeconds'],
      [{ agentOfflineThresholdSeconds: null }, 'agentOfflineThresholdSeconds'],
      [{ auditRetentionDays: -1 }, 'auditRetentionDays'],
      [{ auditRetentionDays: 36_501 }, 'auditRetentionDays'],
      [{ commandRetentionDays: -1 }, 'commandRetentionDays'],
      [{ healthRetentionDays: 36_501 }, 'healthRetentionDays'],
      [{ auditRetentionDays: '30' }, 'auditRetentionDays'],
      [{ auditRetentionDays: 1.5 }, 'auditRetentionDays'],
      [{ maintenanceIntervalSeconds: null }, 'maintenanceIntervalSeconds'],
      [{ maintenanceIntervalSeconds: 86_401 }, 'maintenanceIntervalSeconds'],
      [{ auditRetentionDays: 30, sessionTtlSeconds: 1 }, 'sessionTtlSeconds'],
    ] as const) {
      const { details } = await owner.patch(SETTINGS, body).expectError(422, 'VALIDATION_FAILED');
      expect(details).toEqual({ issues: listWith({ path, message: aText() }) });
    }
    expect(await settingsOf(app)).toEqual(CONFIGURED);
  });

  it('take no offline threshold below two heartbeats, with which healthy agents would come and go', async () => {
    const app = await startTestApp({ config: { agentHeartbeatIntervalSeconds: 20 } });
    const owner = await app.signIn('owner');
    const { details } = await owner
      .patch(SETTINGS, { agentOfflineThresholdSeconds: 39 })
      .expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({
      issues: [
        { path: 'agentOfflineThresholdSeconds', message: expect.stringMatching(/^must be at least 40,/) as unknown },
      ],
    });
    expect(await change(app, { agentOfflineThresholdSeconds: 40 })).toMatchObject({ agentOfflineThresholdSeconds: 40 });
  });

  it('of an earlier start stay in force, and can be changed, when the heartbeat has become too long for them', async () => {
    const before = await startTestApp();
    await change(before, { agentOfflineThresholdSeconds: 60 });
    await before.stop();
    const after = await startTestApp({ beside: before, config: { agentHeartbeatIntervalSeconds: 300 } });
    expect(await change(after, { commandRetentionDays: 7 })).toMatchObject({
      agentOfflineThresholdSeconds: 60,
      commandRetentionDays: 7,
    });
  });

  it('determine immediately when an agent counts as silent', async () => {
    const app = await startTestApp({ config: { agentHeartbeatIntervalSeconds: 15 } });
    await app.enrolAgent();
    app.clock.advance(60);
    expect(await app.runMaintenance()).toMatchObject({ offlineAgents: 0 });
    await change(app, { agentOfflineThresholdSeconds: 30 });
    expect(await app.runMaintenance()).toMatchObject({ offlineAgents: 1 });
  });

  it('determine immediately how often scheduled maintenance runs', async () => {
    const app = await startTestApp();
    const runner = app.nest.get(MaintenanceScheduler, { strict: false });
    await app.enrolAgent();
    app.clock.advance(3_600);
    await runner.tick();
    expect(await offlineAgents(app)).toBe(0);
    await change(app, { maintenanceIntervalSeconds: 7_200 });
    await runner.tick();
    expect(await offlineAgents(app)).toBe(0);
    await change(app, { maintenanceIntervalSeconds: 600 });
    await eventually('the maintenance ran by itself', async () => (await offlineAgents(app)) === 1);
  });

  it('make maintenance run once per interval, counted from the last run of any kind', async () => {
    const app = await startTestApp();
    const expiredTokens = async () => (await app.auditEvents('system.registration_token.expired')).length;
    await change(app, { maintenanceIntervalSeconds: 600 });
    app.clock.advance(540);
    await app.runMaintenance();
    await (await app.signIn('operator')).createToken({ expiresInSeconds: 60 });
    app.clock.advance(540);
    await app.nest.get(MaintenanceScheduler, { strict: false }).tick();
    expect(await expiredTokens()).toBe(0);
    app.clock.advance(60);
    await eventually('the maintenance ran by itself', async () => (await expiredTokens()) === 1);
  });
});
