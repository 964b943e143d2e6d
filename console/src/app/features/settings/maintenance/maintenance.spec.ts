import type { MaintenanceReport, MaintenanceSettings, Role } from '#contracts';
import { NOW } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const SETTINGS = '/api/admin/settings/maintenance';
const RUN = '/api/admin/maintenance/run';
const OFFLINE_AFTER = 'An agent is offline after';
const KEPT_FOR = 'Audit events are kept for';

const someSettings: MaintenanceSettings = {
  agentOfflineThresholdSeconds: 90,
  auditRetentionDays: 30,
  commandRetentionDays: 90,
  healthRetentionDays: 90,
  maintenanceIntervalSeconds: 60,
};

const aReport: MaintenanceReport = {
  expiredRegistrationTokens: 1,
  expiredCommands: 2,
  offlineAgents: 3,
  offlineServices: 4,
  staleServices: 5,
  deletedAuditEvents: 6,
  deletedCommands: 7,
  deletedHealthReports: 8,
  deletedSessions: 9,
  madeBackups: 10,
  freedBytes: 3_250_586,
  ranAt: NOW,
  failedJobs: [],
  heldJobs: [],
};

const open = async (role: Role) => {
  const visited = await visit('/settings/maintenance', [{ path: 'settings', children: settingsRoutes }], role);
  await visited.backend.answer('/api/admin/maintenance/jobs', []);
  await visited.backend.answer('/api/system/health', {});
  return visited;
};

const openForm = async () => {
  const visited = await open('owner');
  await visited.backend.answer(SETTINGS, someSettings);
  return visited;
};

describe('Maintenance', () => {
  it('is a skeleton until the settings are there', async () => {
    const { backend, screen } = await open('viewer');
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(SETTINGS, someSettings);
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open('viewer');
    await backend.refuse(SETTINGS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(SETTINGS, someSettings);
    expect(screen.text).toContain('1 min 30 sec');
  });

  it('tells a viewer the settings in words, and lets them change and run nothing', async () => {
    const { backend, screen } = await open('viewer');
    await backend.answer(SETTINGS, { ...someSettings, auditRetentionDays: 0, maintenanceIntervalSeconds: 0 });
    expect(screen.texts('dd')).toEqual(['1 min 30 sec', 'For ever', '90 days', '90 days', 'Not by itself']);
    expect(screen.all('input')).toEqual([]);
    expect(screen.names('button')).toEqual([]);
  });

  it('lets an operator run it but not change it', async () => {
    const { backend, screen } = await open('operator');
    await backend.answer(SETTINGS, someSettings);
    expect(screen.all('input')).toEqual([]);
    expect(screen.names('button')).toEqual(['Run maintenance']);
  });

  it('saves what the owner changes, and goes on from what the server made of it', async () => {
    const { backend, screen } = await openForm();
    expect(screen.field(OFFLINE_AFTER).value).toBe('90');
    await screen.fill(OFFLINE_AFTER, '120');
    await screen.click('Save');
    const saved = { ...someSettings, agentOfflineThresholdSeconds: 120 };
    const { request } = await backend.answer(SETTINGS, { ...saved, auditRetentionDays: 31 }, 'PATCH');
    // Nothing else: another owner may have changed it meanwhile.
    expect(request.body).toEqual({ agentOfflineThresholdSeconds: 120 });
    expect(overlay().text).toContain('The settings are saved');
    expect(screen.field(KEPT_FOR).value).toBe('31');
  });

  it.each([
    [OFFLINE_AFTER, '', 'This is needed.'],
    [OFFLINE_AFTER, '0', 'The least is 1.'],
    [KEPT_FOR, '36501', 'The most is 36500.'],
    [KEPT_FOR, '1.5', 'A whole number is needed.'],
  ])('does not send %s as "%s": %s', async (label, value, fault) => {
    const { backend, screen } = await openForm();
    await screen.fill(label, value);
    await screen.click('Save');
    expect(screen.faultOf(label)).toBe(fault);
    backend.expectNoMore();
  });

  it('puts what the server refuses on its field, and keeps what was typed', async () => {
    const { backend, screen } = await openForm();
    await screen.fill(KEPT_FOR, '7');
    await screen.click('Save');
    const issues = [{ path: 'auditRetentionDays', message: 'must be at least 14' }];
    await backend.refuse(SETTINGS, 'VALIDATION_FAILED', { method: 'PATCH', details: { issues } });
    expect(screen.faultOf(KEPT_FOR)).toBe('must be at least 14');
    expect(screen.faultOf(OFFLINE_AFTER)).toBe('');
    expect(screen.field(KEPT_FOR).value).toBe('7');
  });

  it('says above the form what belongs to no field', async () => {
    const { backend, screen } = await openForm();
    await screen.fill(KEPT_FOR, '7');
    await screen.click('Save');
    await backend.refuse(SETTINGS, 'FORBIDDEN', { method: 'PATCH', message: 'Only an owner may.' });
    expect(screen.one('form [role=alert]').textContent).toBe('Only an owner may.');
    expect(screen.field(KEPT_FOR).value).toBe('7');
  });

  it('runs once a click and reports what the run did', async () => {
    const { backend, screen } = await open('operator');
    await backend.answer(SETTINGS, someSettings);
    await screen.click('Run maintenance');
    expect((screen.named('Run maintenance') as HTMLButtonElement).disabled).toBe(true);
    expect(screen.all('mat-progress-bar')).toHaveLength(1);
    const { request } = await backend.answer(RUN, aReport, 'POST');
    expect(request.body).toEqual({});
    expect(screen.all('mat-progress-bar')).toHaveLength(0);
    expect(screen.texts('tbody td').slice(1)).toEqual([...'123456789', '10', '3.3 MB']);
    expect(screen.one('tbody').textContent).toContain('Audit events deleted');
    expect(screen.one('tbody').textContent).toContain('Given back to the disk');
  });

  it('says why a run failed, and can be run again', async () => {
    const { backend, screen } = await open('operator');
    await backend.answer(SETTINGS, someSettings);
    await screen.click('Run maintenance');
    await backend.refuse(RUN, 'SERVICE_UNAVAILABLE', { method: 'POST', message: 'Busy.' });
    expect(overlay().text).toContain('Busy. (req-1)');
    expect((screen.named('Run maintenance') as HTMLButtonElement).disabled).toBe(false);
  });
});
