import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Piscina } from 'piscina';
import { fromDatabaseError } from '../errors.js';
import { BUSY_TIMEOUT_MS } from './sqlite-connection.js';
import { SqliteWorkers } from './sqlite-workers.js';

/** More than the 16 MB that SQLite holds back: they reach the file at the end, in one piece. */
const COPIED_BYTES = 24 * 1024 ** 2;
const SLICE_BYTES = 2 * 1024 ** 2;

/** Runs in the thread before its script: reports how large the file was at each sync. */
const REPORT_SYNCS = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import { parentPort } from 'node:worker_threads';
  const { fdatasyncSync } = fs;
  fs.fdatasyncSync = (file) => {
    fdatasyncSync(file);
    parentPort.postMessage({ syncedBytes: fs.fstatSync(file).size });
  };
  syncBuiltinESMExports();`;

/** Copies with the worker of {@link SqliteWorkers}; returns how large the copy was at each sync. */
const copyWatched = async (from: string, to: string): Promise<readonly number[]> => {
  const pool = new Piscina({
    filename: join(__dirname, `sqlite.worker${extname(__filename)}`),
    maxThreads: 1,
    workerData: { file: from, busyTimeoutMs: BUSY_TIMEOUT_MS },
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(REPORT_SYNCS)}`],
  });
  const sizes: number[] = [];
  pool.on('message', ({ syncedBytes }: { readonly syncedBytes: number }) => sizes.push(syncedBytes));
  try {
    expect(await pool.run({ to }, { name: 'copy' })).toEqual({});
  } finally {
    await pool.destroy();
  }
  return sizes;
};

describe('SqliteWorkers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-workers-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('keeps the error code of a failed copy, so that it counts as an unavailable database', async () => {
    const workers = new SqliteWorkers(join(folder, 'none.db'));
    const failure: unknown = await workers.copy(join(folder, 'copy.db')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SQLITE_CANTOPEN' });
    expect(fromDatabaseError(failure)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('keeps the error code of a failed query, and runs the next one', async () => {
    const file = join(folder, 'some.db');
    new BetterSqlite3(file).exec('CREATE TABLE some (id)').close();
    const workers = new SqliteWorkers(file);
    await expect(workers.query('SELECT * FROM other', [])).rejects.toMatchObject({
      code: 'SQLITE_ERROR',
      message: 'no such table: other',
    });
    expect(await workers.query("SELECT LOWER('ÉLODIE') AS name", [])).toEqual([{ name: 'élodie' }]);
    await workers.close();
  });

  it('syncs a copy after each slice', async () => {
    const [from, to] = [join(folder, 'some.db'), join(folder, 'copy.db')];
    const db = new BetterSqlite3(from).exec('CREATE TABLE freight (load)');
    db.prepare('INSERT INTO freight VALUES (zeroblob(?))').run(COPIED_BYTES);
    db.close();
    const sizes = await copyWatched(from, to);
    expect(statSync(to).size).toBe(statSync(from).size);
    expect(sizes.length).toBeGreaterThanOrEqual(COPIED_BYTES / SLICE_BYTES);
    const growths = sizes.map((size, at) => size - (sizes[at - 1] ?? 0));
    expect(Math.max(...growths)).toBe(SLICE_BYTES);
  });
});
