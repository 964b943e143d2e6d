import { HttpEventType } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { ERROR_STATUS, type Backup, type BackupOverview, type ErrorCode } from '#contracts';
import { REQUEST_ID, settled } from '../../../../testing/backend';
import { NOW } from '../../../../testing/builders';
import { until, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';
import { SaveFile } from './save-file';

const BACKUP = '/api/admin/backup/sqlite';
const BACKUPS = '/api/admin/backups';
const DOWNLOAD = 'Download backup';

const aBackup = (overrides: Partial<Backup> = {}): Backup => ({
  fileName: 'opstage-2026-05-04.db',
  origin: 'schedule',
  madeAt: NOW,
  sizeBytes: 2_048,
  proof: { proven: true, provenAt: NOW, fault: null, schema: 'Some1', rowCounts: { users: 2, audit_events: 1_000 } },
  kept: true,
  ...overrides,
});

const unsound = { proven: false, provenAt: NOW, fault: 'It is damaged.', schema: null, rowCounts: {} };
const NOTHING: BackupOverview = { schedule: null, lastProven: null, backups: [] };

interface SavedFile {
  readonly name: string;
  readonly size: number;
}

const open = async (overview: BackupOverview = NOTHING) => {
  const files: SavedFile[] = [];
  // jsdom has no downloads.
  const saveFile: Pick<SaveFile, 'save'> = {
    save: (name, { size }) => {
      files.push({ name, size });
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: SaveFile, useValue: saveFile }] });
  const visited = await visit('/settings/backup', [{ path: 'settings', children: settingsRoutes }], 'owner');
  await visited.backend.answer(BACKUPS, overview);
  const button = visited.screen.named(DOWNLOAD) as HTMLButtonElement;
  /** The failure of a download has its envelope in a blob. */
  const refuse = async (code: ErrorCode, message: string): Promise<void> => {
    const body = new Blob([JSON.stringify({ success: false, error: { code, message } })]);
    const headers = { 'x-request-id': REQUEST_ID };
    visited.backend.request(BACKUP, 'POST').flush(body, { headers, status: ERROR_STATUS[code], statusText: code });
    await until(() => !button.disabled);
  };
  return { ...visited, button, files, refuse };
};

describe('Backup', () => {
  it('hands over the file under the name the server gives it', async () => {
    const { backend, screen, files } = await open();
    await screen.click(DOWNLOAD);
    const request = backend.request(BACKUP, 'POST');
    expect(request.request.headers.get('X-CSRF-Token')).toBe('csrf-1');
    request.flush(new Blob(['x'.repeat(2_048)]), {
      headers: { 'content-disposition': 'attachment; filename="opstage-20260504.db"' },
    });
    await settled();
    expect(files).toEqual([{ name: 'opstage-20260504.db', size: 2_048 }]);
    expect(screen.one('[role=status]').textContent).toContain('opstage-20260504.db is downloaded (2 kB).');
  });

  it('shows how much has arrived, and starts no second one meanwhile', async () => {
    const { backend, screen, button } = await open();
    await screen.click(DOWNLOAD);
    expect(screen.one('mat-progress-bar').getAttribute('mode')).toBe('indeterminate');
    expect(button.disabled).toBe(true);
    backend.request(BACKUP, 'POST').event({ type: HttpEventType.DownloadProgress, loaded: 25, total: 100 });
    await settled();
    expect(screen.one('mat-progress-bar').getAttribute('aria-valuenow')).toBe('25');
  });

  it('takes no name that could lead out of the folder', async () => {
    const { backend, screen, files } = await open();
    await screen.click(DOWNLOAD);
    backend.request(BACKUP, 'POST').flush(new Blob(['x']), {
      headers: { 'content-disposition': 'attachment; filename="../../evil.db"' },
    });
    await settled();
    expect(files).toEqual([{ name: 'opstage.db', size: 1 }]);
  });

  it('says in the server’s words why it failed, and can be tried again', async () => {
    const { backend, screen, files, refuse } = await open();
    await screen.click(DOWNLOAD);
    await refuse('SERVICE_UNAVAILABLE', 'The disk is full.');
    expect(screen.one('[role=alert]').textContent).toBe('The disk is full.');
    expect(files).toEqual([]);
    await screen.click(DOWNLOAD);
    expect(screen.all('[role=alert]')).toEqual([]);
    backend.request(BACKUP, 'POST');
  });

  it('says what to use instead on PostgreSQL', async () => {
    const { screen, refuse } = await open();
    await screen.click(DOWNLOAD);
    await refuse('BACKUP_NOT_SUPPORTED', 'Not here.');
    expect(screen.one('[role=alert]').textContent).toContain('pg_dump');
  });

  it('shows the last proven backup and the schedule', async () => {
    const { screen } = await open({
      schedule: { intervalHours: 24, keep: 7 },
      lastProven: aBackup(),
      backups: [aBackup()],
    });
    expect(screen.texts('dd').slice(1)).toEqual(['On schedule', 'opstage-2026-05-04.db', '2 kB', '1,002']);
    expect(screen.text).toContain('Every 24 h, the newest 7 are kept on the server.');
    expect(screen.all('[role=alert]')).toEqual([]);
  });

  it('warns of a later backup that is not sound', async () => {
    const later = aBackup({ fileName: 'opstage-2026-05-05.db', proof: unsound });
    const { screen } = await open({ schedule: null, lastProven: aBackup(), backups: [later, aBackup()] });
    expect(screen.texts('dd')).toContain('opstage-2026-05-04.db');
    expect(screen.one('[role=alert]').textContent).toContain('opstage-2026-05-05.db. It is damaged.');
  });

  it('says that none has been proven yet, and reads again after a download', async () => {
    const { backend, screen } = await open();
    expect(screen.text).toContain('No backup has been proven yet.');
    expect(screen.text).toContain('This server makes none by itself.');
    await screen.click(DOWNLOAD);
    backend.request(BACKUP, 'POST').flush(new Blob(['x']));
    await settled();
    await backend.answer(BACKUPS, { ...NOTHING, lastProven: aBackup({ origin: 'download' }) });
    expect(screen.texts('dd')).toContain('Downloaded');
  });
});
