import { HttpEventType } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { ERROR_STATUS, type ErrorCode } from '#contracts';
import { REQUEST_ID, settled } from '../../../../testing/backend';
import { until, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';
import { SaveFile } from './save-file';

const BACKUP = '/api/admin/backup/sqlite';
const DOWNLOAD = 'Download backup';

interface SavedFile {
  readonly name: string;
  readonly size: number;
}

const open = async () => {
  const files: SavedFile[] = [];
  // jsdom has no downloads.
  const saveFile: Pick<SaveFile, 'save'> = {
    save: (name, { size }) => {
      files.push({ name, size });
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: SaveFile, useValue: saveFile }] });
  const visited = await visit('/settings/backup', [{ path: 'settings', children: settingsRoutes }], 'owner');
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
});
