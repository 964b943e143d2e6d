import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MaintenanceReport, SystemHealth, SystemLiveness } from '#contracts';
import { eventually, Program, ServerUnderTest, type TestOperator } from '#testing';
import { loadConfig } from '../../src/config/load-config.js';
import { Database } from '../../src/database/database.js';
import { SpaceReserve } from '../../src/database/sqlite/space-reserve.js';
import { describeStartupError } from '../../src/startup.js';
import { SOURCE_SERVER } from '../support/edges/source-server.js';
import { aStartedPlace, startTestApp, type TestApp } from '../support/start-test-app.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-full-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Fills the database up to the last page it may have. */
const fill = async (app: TestApp): Promise<void> => {
  const db = app.nest.get(Database);
  await db.transaction(async (tx) => {
    await tx.execute('CREATE TABLE IF NOT EXISTS ballast (content BLOB)');
    const [row] = await tx.query<{ readonly pages: number }>(
      'SELECT page_count + 20 AS pages FROM pragma_page_count()',
      {},
    );
    await tx.query(`PRAGMA max_page_count = ${row!.pages}`, {});
  });
  for (const bytes of [3_000, 30]) {
    for (let isFull = false; !isFull;) {
      const insert = db.transaction((tx) => tx.execute(`INSERT INTO ballast VALUES (randomblob(${bytes}))`));
      isFull = await insert.then(
        () => false,
        () => true,
      );
    }
  }
};

const empty = async (app: TestApp): Promise<void> => {
  await app.nest.get(Database).transaction((tx) => tx.execute('DELETE FROM ballast'));
};

const healthOf = (app: TestApp): Promise<SystemHealth> => app.api.get('/health').expectOk<SystemHealth>();

const tryToWrite = async (operator: TestOperator): Promise<number> => {
  for (let i = 0; i < 200; i += 1) {
    const { status } = await operator.post('/api/admin/registration-tokens', { name: 'x'.repeat(200) });
    if (status !== 200) return status;
  }
  return 200;
};

describe('A full disk', () => {
  it('is said by the health, and the maintenance runs all the same', async () => {
    const app = await startTestApp({ beside: await aStartedPlace('sqlite') });
    const operator = await app.signIn('operator');
    await app.runMaintenance();
    await operator.createToken({ expiresInSeconds: 60 });
    await fill(app);
    expect(await tryToWrite(operator)).toBe(503);
    const { status, concerns } = await healthOf(app);
    expect(status).toBe('DEGRADED');
    expect(concerns).toMatchObject([
      { code: 'DISK_FULL', message: expect.stringContaining('The disk is full.') as string },
    ]);
    app.clock.advance(61);
    await operator.post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
    await empty(app);
    await app.runMaintenance();
    expect((await healthOf(app)).status).toBe('UP');
  });

  it('leaves room for the maintenance by a reserve, which comes back when there is space', () => {
    const file = join(folder, 'opstage.db');
    const reserve = new SpaceReserve(file);
    reserve.keep();
    expect(readFileSync(`${file}.reserve`)).toHaveLength(4 * 1024 ** 2);
    reserve.release();
    reserve.release();
    expect(existsSync(`${file}.reserve`)).toBe(false);
    reserve.keep();
    expect(existsSync(`${file}.reserve`)).toBe(true);
  });

  it('stops the start with one line', async () => {
    // No file may grow beyond 64 KB.
    const program = new Program(SOURCE_SERVER.program, {
      prefix: ['sh', '-c', 'ulimit -f 128; exec "$@"', 'sh'],
      nodeArguments: SOURCE_SERVER.nodeArguments,
      settings: { OPSTAGE_DATA_DIR: join(folder, 'data'), OPSTAGE_PORT: '0', OPSTAGE_LOG_LEVEL: 'silent' },
    });
    expect(await program.exited).not.toBe(0);
    expect(program.output).toMatch(/^The server could not start: .*\n$/m);
  });

  it.each([
    ['SQLITE_FULL', 'the disk is full'],
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk is full'],
    ['SQLITE_READONLY_DIRECTORY', 'nothing can be written'],
    ['SQLITE_CANTOPEN', 'nothing can be written'],
    ['EROFS', 'nothing can be written'],
  ])('or one that cannot be written is a sentence without a stack: %s', (code, words) => {
    const loaded = loadConfig({}, { version: '1', createSecret: () => 'x'.repeat(40) });
    if (!loaded.ok) throw new Error(loaded.faults.join());
    const text = describeStartupError(Object.assign(new Error('SQL'), { code }), loaded.config);
    expect(text).toContain(`The server could not start: ${words}`);
    expect(text.split('\n')).toHaveLength(1);
  });
});

describe('A server whose database is away', () => {
  it('lives, and is not ready', async () => {
    const app = await startTestApp();
    await app.nest.get(Database).close();
    await app.api.get('/health').expectError(503, 'DATABASE_UNAVAILABLE');
    expect(await app.api.get('/health/live').expectOk<SystemLiveness>()).toMatchObject({ status: 'UP' });
  });
});

describe('SIGHUP', () => {
  it('makes a server go on in a new file of its audit stream', async () => {
    const file = join(folder, 'audit.jsonl');
    const server = await ServerUnderTest.create({
      dataDir: join(folder, 'data'),
      settings: { OPSTAGE_AUDIT_STREAM: file, OPSTAGE_LOG_LEVEL: 'silent' },
    });
    await server.start(SOURCE_SERVER);
    await server.signIn();
    const has = (path: string, text: string): boolean => existsSync(path) && readFileSync(path, 'utf8').includes(text);
    await eventually('the first event is there', () => has(file, 'session.login.succeeded'));
    renameSync(file, `${file}.1`);
    process.kill(server.program.pid, 'SIGHUP');
    await eventually('the next events are in the new file', async () => {
      await server.signIn();
      return has(file, 'session.login.succeeded');
    });
    expect(await server.program.stop()).toBe(0);
  });
});
