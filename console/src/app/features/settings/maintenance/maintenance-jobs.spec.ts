import type { MaintenanceJobStatus, Role } from '#contracts';
import { NOW } from '../../../../testing/builders';
import { refreshed, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const JOBS = '/api/admin/maintenance/jobs';

const aJob = (overrides: Partial<MaintenanceJobStatus> = {}): MaintenanceJobStatus => ({
  id: 'audit',
  description: 'Deletes audit events past their retention.',
  lastRunAt: NOW,
  lastResult: 'SUCCEEDED',
  lastMessage: null,
  lastDurationMs: 320,
  lastCount: 1_234,
  nextRunAt: NOW,
  running: false,
  ...overrides,
});

const open = async (role: Role = 'viewer') => {
  const visited = await visit('/settings/maintenance', [{ path: 'settings', children: settingsRoutes }], role);
  await visited.backend.refuse('/api/admin/settings/maintenance', 'DATABASE_UNAVAILABLE');
  return visited;
};

const cells = (root: { texts(selector: string): readonly string[] }, nth: number): readonly string[] =>
  root.texts(`ops-maintenance-jobs tbody tr:nth-child(${nth}) > *`);

describe('MaintenanceJobs', () => {
  it('tells of each job how it last went and how much it did', async () => {
    const { backend, screen } = await open();
    await backend.answer(JOBS, [aJob(), aJob({ id: 'backups', lastResult: 'FAILED', lastMessage: 'No room.' })]);
    const [name, result, , took, did] = cells(screen, 1);
    expect([name, result, took, did]).toEqual(['Delete old audit events', 'Succeeded', '320 ms', '1,234']);
    expect(cells(screen, 2).slice(0, 2)).toEqual(['Make backups No room.', 'Failed']);
  });

  it('says how much space one gave back', async () => {
    const { backend, screen } = await open();
    await backend.answer(JOBS, [aJob({ id: 'space', lastCount: 3_250_586 }), aJob({ id: 'space', lastCount: null })]);
    expect(cells(screen, 1)[4]).toBe('gave back 3.3 MB');
    expect(cells(screen, 2)[4]).toBe('–');
  });

  it('says which is running, and which never ran', async () => {
    const { backend, screen } = await open();
    const never = { lastRunAt: null, lastResult: null, lastDurationMs: null, lastCount: null, nextRunAt: null };
    await backend.answer(JOBS, [aJob({ running: true }), aJob({ id: 'agents', ...never })]);
    expect(cells(screen, 1)[1]).toBe('Running');
    expect(cells(screen, 2).slice(1)).toEqual(['never', '–', '–', '–', '–']);
  });

  it('calls a job it does not know as the server does', async () => {
    const { backend, screen } = await open();
    await backend.answer(JOBS, [aJob({ id: 'dusting', description: 'Dusts the shelves.' })]);
    expect(cells(screen, 1)[0]).toBe('Dusts the shelves.');
  });

  it('says what failed, tries again, and keeps what it knew', async () => {
    const { backend, screen } = await open();
    await backend.refuse(JOBS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('ops-maintenance-jobs [role=alert]').textContent).toContain('The database is away.');
    screen.one('ops-maintenance-jobs button').click();
    await backend.answer(JOBS, [aJob()]);
    await refreshed();
    await backend.refuse(JOBS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('ops-maintenance-jobs').textContent).toContain('Not up to date: The database is away.');
    expect(cells(screen, 1)[0]).toBe('Delete old audit events');
  });

  it('is read again after a run', async () => {
    const { backend, screen } = await open('operator');
    await backend.answer(JOBS, [aJob()]);
    await screen.click('Run maintenance');
    await backend.answer('/api/admin/maintenance/run', { ranAt: NOW }, 'POST');
    await backend.answer(JOBS, [aJob({ lastCount: 7 })]);
    expect(cells(screen, 1)[4]).toBe('7');
  });
});
