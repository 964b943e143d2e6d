import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { asError, type SideError } from '../../common/worker-pool.js';
import { fromDatabaseError } from '../errors.js';
import { BUSY_TIMEOUT_MS } from './sqlite-connection.js';
import { copyDatabase, SqliteWorkers } from './sqlite-workers.js';

/** More than the 16 MB that SQLite holds back: they reach the file at the end, in one piece. */
const COPIED_BYTES = 24 * 1024 ** 2;
const SLICE_BYTES = 2 * 1024 ** 2;

const WORKER = new URL(`./copy-database.worker${extname(import.meta.url)}`, import.meta.url);

/** Runs in the thread before its script: what is written down is, and then how large its file was is told. */
const TELL_OF_SYNCS = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import { parentPort } from 'node:worker_threads';
  const { fdatasyncSync } = fs;
  fs.fdatasyncSync = (file) => {
    fdatasyncSync(file);
    parentPort.postMessage({ syncedBytes: fs.fstatSync(file).size });
  };
  syncBuiltinESMExports();`;

/** Copies as {@link copyDatabase} does; returns how large the copy was each time it was written down. */
const copyWatched = async (from: string, to: string): Promise<readonly number[]> => {
  const worker = new Worker(WORKER, {
    workerData: { timeout: BUSY_TIMEOUT_MS },
    execArgv: [...process.execArgv, '--import', `data:text/javascript,${encodeURIComponent(TELL_OF_SYNCS)}`],
  });
  const sizes: number[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', ({ syncedBytes, error }: { readonly syncedBytes?: number; readonly error?: SideError }) => {
        if (syncedBytes !== undefined) sizes.push(syncedBytes);
        else if (error) reject(asError(error));
        else resolve();
      });
      worker.postMessage({ from, to });
    });
  } finally {
    await worker.terminate();
  }
  return sizes;
};

describe('what fails beside the serving thread', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-aside-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is told with its code when a copy cannot be made, so that it is answered as a database that is away', async () => {
    const failure: unknown = await copyDatabase(join(folder, 'none.db'), join(folder, 'copy.db')).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'SQLITE_CANTOPEN' });
    expect(fromDatabaseError(failure)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('is told with its code when a question cannot be answered', async () => {
    const file = join(folder, 'some.db');
    new BetterSqlite3(file).exec('CREATE TABLE some (id)').close();
    const aside = new SqliteWorkers(file);
    await expect(aside.query('SELECT * FROM other', [])).rejects.toMatchObject({
      code: 'SQLITE_ERROR',
      message: 'no such table: other',
    });
    await aside.close();
  });
});

describe('a copy of a database', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-copy-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is written down slice by slice, and never grows by more before the next time', async () => {
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
