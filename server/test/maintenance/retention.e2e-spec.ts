import type { CommandId, MaintenanceSettings, ServiceHealth } from '#contracts';
import { Database } from '../../src/database/database.js';
import { CommandEntity } from '../../src/modules/commands/command.entity.js';
import { IdempotencyKeyEntity } from '../../src/modules/commands/create/idempotency-key.entity.js';
import { CommandProgressEntity } from '../../src/modules/commands/results/command-progress.entity.js';
import { CommandResultEntity } from '../../src/modules/commands/results/command-result.entity.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const DAY_SECONDS = 86_400;
/** Sessions last through a test. */
const LONG = {
  sessionTtlSeconds: 365 * DAY_SECONDS,
  sessionAbsoluteSeconds: 365 * DAY_SECONDS,
  agentOfflineThresholdSeconds: DAY_SECONDS,
  auditRetentionDays: 0,
};

const governAlone = async (config: Partial<MaintenanceSettings>): Promise<GovernedService> => {
  const app = await startTestApp({ config: { ...LONG, ...config } });
  app.clock.stop();
  return GovernedService.of(app);
};

const rowsOf = ({ nest }: TestApp, entity: new () => object): Promise<number> =>
  nest.get(Database).count(entity, 'TRUE');

/** A finished command with a result, progress, an idempotency key and a one-time key. */
const aFinishedCommand = async ({ operator, agent, path }: GovernedService): Promise<CommandId> => {
  const request = { body: { payload: { text: 'hi' } }, headers: { 'idempotency-key': 'said-twice' } };
  await operator.request('POST', `${path}/actions/echo`, request).expectOk();
  const [command] = await agent.poll();
  const { id } = command!;
  await agent.progress(id, { percent: 50, log: ['half way'] }).expectOk();
  await agent.complete(id, { success: true, data: { generatedKey: 'only once' } }).expectOk();
  return id;
};

describe('the retention of finished commands', () => {
  it('deletes them with everything that belongs to them, but no newer or running ones', async () => {
    const governed = await governAlone({ commandRetentionDays: 30 });
    const { app, operator, agent } = governed;
    const old = await aFinishedCommand(governed);
    app.clock.advance(29 * DAY_SECONDS);
    await agent.heartbeat().expectOk();
    const young = await governed.running();
    await agent.complete(young.id, { success: false }).expectOk();
    const open = await governed.pending();
    app.clock.advance(DAY_SECONDS - 1);
    expect(await app.runMaintenance()).toMatchObject({ deletedCommands: 0, expiredCommands: 1 });
    app.clock.advance(1);
    expect(await app.runMaintenance()).toMatchObject({ deletedCommands: 1 });

    await operator.get(`/api/admin/commands/${old}`).expectError(404, 'COMMAND_NOT_FOUND');
    expect(await governed.command(young.id)).toMatchObject({ status: 'FAILED', result: { success: false } });
    expect(await governed.command(open.id)).toMatchObject({ status: 'EXPIRED' });
    expect(await rowsOf(app, CommandEntity)).toBe(2);
    expect(await rowsOf(app, CommandResultEntity)).toBe(1);
    expect(await rowsOf(app, CommandProgressEntity)).toBe(0);
    expect(await rowsOf(app, IdempotencyKeyEntity)).toBe(0);
    // The audit still has their events.
    expect(await governed.commandEvents(old, 'command.completed')).toHaveLength(1);
  });

  it('deletes in bounded batches until none is left', async () => {
    const governed = await governAlone({ commandRetentionDays: 1 });
    const { app } = governed;
    const { id } = await governed.pending();
    await governed.cancel(id).expectOk();
    const db = app.nest.get(Database);
    const one = await db.findOne(CommandEntity, 'id = :id', { id });
    await db.transaction(async (tx) => {
      for (let i = 0; i < 249; i += 1) {
        const another = `cmd_${String(i).padStart(26, '0')}` as const;
        await tx.insert(CommandEntity, Object.assign(new CommandEntity(), one, { id: another }));
      }
    });
    app.clock.advance(DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedCommands: 250 });
    expect(await rowsOf(app, CommandEntity)).toBe(0);
  });

  it('keeps all of them when it is 0, and applies immediately when it is changed', async () => {
    const governed = await governAlone({ commandRetentionDays: 0 });
    const { app } = governed;
    await governed.cancel((await governed.pending()).id).expectOk();
    app.clock.advance(300 * DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedCommands: 0 });
    const owner = await app.signIn('owner');
    await owner.patch('/api/admin/settings/maintenance', { commandRetentionDays: 299 }).expectOk();
    expect(await app.runMaintenance()).toMatchObject({ deletedCommands: 1 });
    const [run] = await app.auditEvents('maintenance.run');
    expect(run?.metadata).toMatchObject({ deletedCommands: 1 });
  });
});

describe('the retention of health history', () => {
  const historyOf = ({ operator, path }: GovernedService, query = ''): Promise<ServiceHealth> =>
    operator.get(`${path}/health${query}`).expectOk<ServiceHealth>();
  const statusesOf = async (governed: GovernedService): Promise<string[]> =>
    (await historyOf(governed)).history.map(({ status }) => status);

  it('deletes transitions that were superseded before its first day, and keeps the one in effect on that day', async () => {
    const governed = await governAlone({ healthRetentionDays: 30 });
    const { app, agent } = governed;
    for (const status of ['DOWN', 'DEGRADED', 'DOWN'] as const) {
      app.clock.advance(10 * DAY_SECONDS);
      await agent.heartbeat({ health: { status } }).expectOk();
    }
    // UP 40 days ago, DOWN 30, DEGRADED 20, DOWN 10.
    app.clock.advance(10 * DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 0 });
    // DOWN is now 31 days old, and so was in effect when the 30 days began.
    app.clock.advance(DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 1 });
    expect(await statusesOf(governed)).toEqual(['DOWN', 'DEGRADED', 'DOWN']);
    const beginning = app.clock.secondsFromNow(-30 * DAY_SECONDS).toISOString();
    expect((await historyOf(governed, `?from=${beginning}`)).atStart).toMatchObject({ status: 'DOWN' });
  });

  it('never deletes the newest transition, so that the present health and its start stay known', async () => {
    const governed = await governAlone({ healthRetentionDays: 1 });
    const { app, agent } = governed;
    await agent.heartbeat({ health: { status: 'DOWN', message: 'the disk' } }).expectOk();
    const before = await governed.shown();
    app.clock.advance(200 * DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 1 });
    const after = await governed.shown();
    expect(after).toMatchObject({ healthSince: before.healthSince, health: before.health });
    expect(await statusesOf(governed)).toEqual(['DOWN']);
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 0 });
  });

  it('applies to each service separately, and keeps everything when it is 0', async () => {
    const governed = await governAlone({ healthRetentionDays: 0 });
    const { app, agent } = governed;
    const other = await GovernedService.of(app, { health: { status: 'DEGRADED' } });
    await agent.heartbeat({ health: { status: 'DOWN' } }).expectOk();
    app.clock.advance(200 * DAY_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 0 });
    const owner = await app.signIn('owner');
    await owner.patch('/api/admin/settings/maintenance', { healthRetentionDays: 199 }).expectOk();
    expect(await app.runMaintenance()).toMatchObject({ deletedHealthReports: 1 });
    expect(await statusesOf(governed)).toEqual(['DOWN']);
    expect(await statusesOf(other)).toEqual(['DEGRADED']);
  });
});
