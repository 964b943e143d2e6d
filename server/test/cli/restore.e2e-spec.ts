import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { AuditVerification } from '#contracts';
import { eventually, TestOperator } from '#testing';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { aStartedPlace, aTestPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

const verify = async (app: TestApp): Promise<AuditVerification> =>
  (await app.signIn('owner')).get('/api/admin/audit-events/verify').expectOk<AuditVerification>();

/** Waits until all audit events are sealed. */
const sealed = (app: TestApp): Promise<true> =>
  eventually('all is sealed', async () => (await verify(app)).unsealedEvents === 0);

/** A stopped server with one user more than its backup, and a session that was live when the backup was made. */
const anAccident = async () => {
  const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
  const owner = await app.signIn('owner');
  const made = await runOpstage(app, ['backup']);
  expect(made).toMatchObject({ code: 0, errors: '' });
  const [backup = ''] = made.output.split('\n');
  const late = { username: 'late', password: 'came after the backup', role: 'viewer' };
  await owner.post('/api/admin/users', late).expectOk();
  await sealed(app);
  await app.stop();
  return { app, owner, backup };
};

const usernamesIn = (file: string): unknown[] => {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    return db.prepare('SELECT username FROM users ORDER BY username').pluck().all();
  } finally {
    db.close();
  }
};

const databaseOf = ({ folder }: Pick<TestApp, 'folder'>): string => join(folder, 'opstage.db');
const filesBeside = ({ folder }: Pick<TestApp, 'folder'>, part: string): string[] =>
  readdirSync(folder).filter((name) => name.includes(part));

describe('opstage restore', () => {
  it('replaces the database with a backup, keeps the previous one, and signs everyone out', async () => {
    const { app, owner, backup } = await anAccident();
    const run = await spawnOpstage(app, ['restore', backup]);
    expect(run).toMatchObject({ code: 0, errors: '' });
    const replaced = /is kept: (\S+)/.exec(run.output)?.[1] ?? '';
    expect(usernamesIn(replaced)).toEqual(['late', 'owner']);
    expect(usernamesIn(databaseOf(app))).toEqual(['owner']);
    expect(statSync(databaseOf(app)).mode & 0o777).toBe(0o600);
    expect(filesBeside(app, 'restoring')).toEqual([]);

    const after = await startTestApp({ beside: app });
    await after.api.get('/api/admin/auth/me', { headers: { cookie: owner.cookie } }).expectError(401, 'UNAUTHORIZED');
    await TestOperator.signIn(after.api, OWNER.username, OWNER.password);
    expect(await verify(after)).toMatchObject({ valid: true, firstBad: null });
    const [event] = await after.auditEvents('backup.restored');
    expect(event).toMatchObject({ actorType: 'SYSTEM', metadata: { fileName: backup.split('/').at(-1) } });
  });

  it('refuses while a server is running, and changes nothing', async () => {
    const { app, backup } = await anAccident();
    const running = await startTestApp({ beside: app });
    const { code, errors } = await spawnOpstage(app, ['restore', backup]);
    expect({ code, errors }).toEqual({ code: 1, errors: 'A server is running on this database. Stop it first.\n' });
    await TestOperator.signIn(running.api, 'late', 'came after the backup');
    expect(filesBeside(app, 'replaced')).toEqual([]);
    expect(filesBeside(app, 'restoring')).toEqual([]);
  });

  it('moves side files of a crashed server away, so that they do not get into the new database', async () => {
    const { app, backup } = await anAccident();
    const ruin = 'no database any more'.repeat(1_000);
    writeFileSync(databaseOf(app), ruin);
    for (const side of ['-wal', '-shm']) writeFileSync(databaseOf(app) + side, 'left behind');
    const run = await runOpstage(app, ['restore', backup]);
    expect(run.code).toBe(0);
    const replaced = /is kept: (\S+)/.exec(run.output)?.[1] ?? '';
    expect(readFileSync(replaced, 'utf8')).toBe(ruin);
    expect(readFileSync(`${replaced}-wal`, 'utf8')).toBe('left behind');
    expect(usernamesIn(databaseOf(app))).toEqual(['owner']);
  });

  it('restores the content of a write-ahead log that was copied along with a database', async () => {
    const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
    await app.signIn('viewer');
    const copy = join(app.folder, 'taken.db');
    for (const side of ['', '-wal']) copyFileSync(databaseOf(app) + side, copy + side);
    await app.stop();
    expect((await runOpstage(app, ['restore', copy])).code).toBe(0);
    expect(usernamesIn(databaseOf(app))).toEqual(['owner', 'viewer']);
  });

  it('restores into an empty data directory', async () => {
    const { backup } = await anAccident();
    const place = await aTestPlace('sqlite');
    const { code, output } = await runOpstage(place, ['restore', backup]);
    expect(code).toBe(0);
    expect(output).toContain('There was no previous database.');
    expect(usernamesIn(databaseOf(place))).toEqual(['owner']);
  });

  it.each<[string, (file: string) => void, string]>([
    [
      'a file that was cut off',
      (file) => {
        truncateSync(file, 40_960);
      },
      'It is damaged',
    ],
    [
      'something else',
      (file) => {
        writeFileSync(file, 'a letter');
      },
      'It is not an SQLite database.',
    ],
    [
      'a backup of a newer version',
      (file) => {
        const db = new BetterSqlite3(file);
        db.exec(`INSERT INTO schema_migrations (timestamp, name) VALUES (1999999999999, 'Future1999999999999')`);
        db.close();
      },
      'It was made by a newer version',
    ],
  ])('refuses %s with a clear message, and changes nothing', async (_, spoil, words) => {
    const { app, backup } = await anAccident();
    spoil(backup);
    const { code, errors } = await runOpstage(app, ['restore', backup]);
    expect(code).toBe(1);
    expect(errors).toContain(`${backup} cannot be restored. ${words}`);
    expect(errors).not.toContain('    at ');
    expect(usernamesIn(databaseOf(app))).toEqual(['late', 'owner']);
    expect(filesBeside(app, 'restoring')).toEqual([]);
  });

  it('reports a missing file', async () => {
    const { app } = await anAccident();
    const { code, errors } = await runOpstage(app, ['restore', '/nowhere/backup.db']);
    expect({ code, errors }).toEqual({ code: 1, errors: 'There is no file /nowhere/backup.db.\n' });
  });
});

describe('opstage backup', () => {
  it('copies while a server is running, also to a given file, and is known to the server', async () => {
    const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
    const out = join(app.folder, 'elsewhere.db');
    const run = await spawnOpstage(app, ['backup', '--out', out]);
    expect(run).toMatchObject({ code: 0, errors: '' });
    expect(usernamesIn(out)).toEqual(['owner']);
    expect((await app.auditEvents('backup.sqlite.created'))[0]).toMatchObject({ actorType: 'SYSTEM' });
    const again = await runOpstage(app, ['backup', '--out', out]);
    expect(again.code).toBe(1);
    expect(again.errors).toContain(`${out} already exists.`);
  });

  it('is refused on PostgreSQL, and names the tool to use', async () => {
    const place = await aTestPlace('postgres');
    const { code, errors } = await runOpstage(place, ['backup']);
    expect(code).toBe(1);
    expect(errors).toContain('pg_dump');
    expect((await runOpstage(place, ['restore', 'x.db'])).errors).toContain('pg_restore');
    expect(existsSync(join(place.folder, 'opstage.db'))).toBe(false);
    await place.database.drop();
  });
});
