import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { BackupOverview } from '#contracts';
import { eventually, TestOperator } from '#testing';
import { manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { aStartedPlace, startTestApp, type TestApp } from '../support/start-test-app.js';

const BACKUP = '/api/admin/backup/sqlite';

/** A server on SQLite, whatever database the suite runs on. */
const onSqlite = async (): Promise<TestApp> => startTestApp({ beside: await aStartedPlace('sqlite') });

const download = (app: TestApp, user: TestOperator): Promise<Response> =>
  fetch(new URL(BACKUP, app.api.baseUrl), {
    method: 'POST',
    headers: { cookie: user.cookie, 'x-csrf-token': user.session.csrfToken },
  });

const backupFolder = (app: TestApp): string => join(app.folder, 'backups');
const copiesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.db'));

/** Opens the bytes as a separate database. */
const openCopy = (app: TestApp, bytes: Uint8Array): BetterSqlite3.Database => {
  const file = join(app.folder, 'copy.db');
  writeFileSync(file, bytes);
  return new BetterSqlite3(file);
};

const countOf = (db: BetterSqlite3.Database, sql: string): number => (db.prepare(sql).pluck().get() ?? 0) as number;

describe('a backup of SQLite', () => {
  it('is an intact database with everything acknowledged before, even while writes continue', async () => {
    const app = await onSqlite();
    const owner = await app.signIn('owner');
    await writeAudit(app, manyAuditRecords(2_000, { metadata: { filler: 'x'.repeat(2_000) } }));
    const done = new AbortController();
    const writing = (async () => {
      while (!done.signal.aborted) await writeAudit(app, manyAuditRecords(20, { action: 'service.retired' }));
    })();
    const response = await download(app, owner);
    const bytes = new Uint8Array(await response.arrayBuffer());
    done.abort();
    await writing;

    const copy = openCopy(app, bytes);
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.pragma('foreign_key_check')).toEqual([]);
    expect(countOf(copy, `SELECT COUNT(*) FROM audit_events WHERE action = 'service.moved'`)).toBe(2_000);
    // The copy contains a transaction completely or not at all.
    expect(countOf(copy, `SELECT COUNT(*) FROM audit_events WHERE action = 'service.retired'`) % 20).toBe(0);
    expect(countOf(copy, `SELECT COUNT(*) FROM users WHERE username = 'owner'`)).toBe(1);
    copy.close();
  });

  it('declares its name, type and size', async () => {
    const app = await onSqlite();
    const response = await download(app, await app.signIn('owner'));
    const bytes = await response.arrayBuffer();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.sqlite3');
    expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="opstage-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.db"$/,
    );
  });

  it('needs no side files, and is recorded as verified with its contents', async () => {
    const app = await onSqlite();
    const owner = await app.signIn('owner');
    const bytes = new Uint8Array(await (await download(app, owner)).arrayBuffer());
    const copy = openCopy(app, bytes);
    expect(copy.pragma('journal_mode', { simple: true })).toBe('delete');
    const { lastProven, backups } = await owner.get('/api/admin/backups').expectOk<BackupOverview>();
    expect(backups).toEqual([lastProven]);
    expect(lastProven).toMatchObject({ origin: 'download', kept: false, sizeBytes: bytes.byteLength });
    const counted = countOf(copy, 'SELECT COUNT(*) FROM audit_events');
    expect(lastProven?.proof).toMatchObject({
      proven: true,
      fault: null,
      rowCounts: { users: 1, audit_events: counted },
    });
    copy.close();
  });

  it('is audited with its size', async () => {
    const app = await onSqlite();
    const response = await download(app, await app.signIn('owner'));
    const { byteLength } = await response.arrayBuffer();
    const [event] = await app.auditEvents('backup.sqlite.created');
    expect(event).toMatchObject({ actorName: 'owner', targetType: 'Backup', metadata: { sizeBytes: byteLength } });
  });

  it('leaves no copy behind, in a folder that only the server can read', async () => {
    const app = await onSqlite();
    await (await download(app, await app.signIn('owner'))).arrayBuffer();
    expect(statSync(backupFolder(app)).mode & 0o777).toBe(0o700);
    await eventually('the temporary file is gone', () => copiesIn(backupFolder(app)).length === 0);
  });

  it('leaves no copy behind when the download is aborted', async () => {
    const app = await onSqlite();
    const owner = await app.signIn('owner');
    await writeAudit(app, manyAuditRecords(3_000, { metadata: { filler: 'x'.repeat(5_000) } }));
    const response = await download(app, owner);
    await response.body?.cancel();
    await eventually('the temporary file is gone', () => copiesIn(backupFolder(app)).length === 0);
    await (await download(app, owner)).arrayBuffer();
  });

  it('that a crash interrupted is removed at the next start, and nothing else in the folder', async () => {
    const place = await aStartedPlace('sqlite');
    const folder = join(place.folder, 'backups');
    mkdirSync(folder);
    for (const name of ['draft-1.db', 'draft-2.db', 'kept.db']) writeFileSync(join(folder, name), 'x');
    const anHourAgo = new Date(place.clock.now().getTime() - 3_601_000);
    utimesSync(join(folder, 'draft-1.db'), anHourAgo, anHourAgo);
    await startTestApp({ beside: place });
    // The second may be in use at this moment.
    expect(copiesIn(folder)).toEqual(['draft-2.db', 'kept.db']);
  });

  it('is available to owners only', async () => {
    const app = await onSqlite();
    await (await app.signIn('operator')).post(BACKUP).expectError(403, 'FORBIDDEN');
  });
});

describe('a backup of PostgreSQL', () => {
  it('is refused with a message that says how to do it', async () => {
    const app = await startTestApp({ beside: await aStartedPlace('postgres') });
    const { message } = await (await app.signIn('owner')).post(BACKUP).expectError(409, 'BACKUP_NOT_SUPPORTED');
    expect(message).toContain('pg_dump');
    expect(await app.auditEvents('backup.sqlite.created')).toEqual([]);
  });
});
