import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueryFailedError } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { type TestDatabase, createTestDatabase } from '../../test/support/test-database.js';
import { entities } from '../entities.js';
import type { Database } from './database.js';
import { fromDatabaseError, isUniqueViolation, retryOnUniqueViolation } from './errors.js';
import { openDatabase } from './open-database.js';

describe.each<DatabaseKind>(['sqlite', 'postgres'])('isUniqueViolation on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-unique-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    await run(`INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'taken', '{}', 0)`);
  });

  afterAll(async () => {
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const run = (sql: string): Promise<unknown> => db.transaction((tx) => tx.execute(sql));
  const errorOf = (sql: string): Promise<unknown> =>
    run(sql).then(
      () => null,
      (error: unknown) => error,
    );

  it.each([
    ['another row has the key', `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_2', 'taken', '{}', 0)`],
    ['another row has the id', `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_1', 'free', '{}', 0)`],
  ])('is true when %s', async (_, sql) => {
    expect(isUniqueViolation(await errorOf(sql))).toBe(true);
  });

  it.each([
    ['a value is missing', `INSERT INTO settings (id, key, updated_at) VALUES ('set_3', 'free', 0)`],
    ['the referenced row is missing', `INSERT INTO agent_tokens VALUES ('atk_1', 'agt_none', 'hash', 0, NULL, NULL)`],
    ['the statement is invalid', 'SELECT nothing FROM nowhere'],
  ])('is false when %s', async (_, sql) => {
    const error = await errorOf(sql);
    expect(error).toBeInstanceOf(Error);
    expect(isUniqueViolation(error)).toBe(false);
  });

  it.each([null, undefined, 'text', new Error('a bug'), {}])(
    'is false for a value that no database threw',
    (thrown) => {
      expect(isUniqueViolation(thrown)).toBe(false);
    },
  );
});

const taken = (): Error => Object.assign(new Error('duplicate key'), { driverError: { code: '23505' } });

/** Fails with `errors` in turn, then succeeds; returns how often it was called. */
const aTransaction = (...errors: Error[]) => {
  const calls = { count: 0 };
  const run = (): Promise<string> => {
    calls.count += 1;
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve('done');
  };
  return { calls, run };
};

describe('a transaction that may lose a race for a key', () => {
  it('runs once when it succeeds', async () => {
    const { calls, run } = aTransaction();
    expect(await retryOnUniqueViolation(run)).toBe('done');
    expect(calls.count).toBe(1);
  });

  it('runs again after losing one, three times at most', async () => {
    const lucky = aTransaction(taken(), taken());
    expect(await retryOnUniqueViolation(lucky.run)).toBe('done');
    expect(lucky.calls.count).toBe(3);
    const unlucky = aTransaction(taken(), taken(), taken(), taken());
    await expect(retryOnUniqueViolation(unlucky.run)).rejects.toThrow('duplicate key');
    expect(unlucky.calls.count).toBe(3);
  });

  it('does not run again after any other error', async () => {
    const { calls, run } = aTransaction(new Error('refused'));
    await expect(retryOnUniqueViolation(run)).rejects.toThrow('refused');
    expect(calls.count).toBe(1);
  });
});

const coded = (code: unknown): Error => Object.assign(new Error('driver says no'), { code });

describe('fromDatabaseError', () => {
  it.each([
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_LOCKED',
    'SQLITE_FULL',
    'SQLITE_IOERR_WRITE',
    'SQLITE_CANTOPEN',
    'SQLITE_READONLY_DBMOVED',
    '08006',
    '08P01',
    '53300',
    '57P01',
    '3D000',
    '40001',
    '40P01',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
  ])('is 503 with Retry-After for %s, wrapped by TypeORM or not', (code) => {
    for (const error of [coded(code), new QueryFailedError('SELECT secret', [], coded(code))]) {
      const fault = fromDatabaseError(error);
      expect(fault).toMatchObject({ code: 'DATABASE_UNAVAILABLE', status: 503, retryAfterSeconds: 2, cause: error });
      expect(fault?.message).not.toContain('secret');
    }
  });

  it.each([
    'SQLITE_CONSTRAINT_UNIQUE',
    'SQLITE_ERROR',
    'SQLITE_CORRUPT',
    '23505',
    '22021',
    '42P01',
    'ENOENT',
    '',
    5,
    undefined,
  ])('is null for %p, where a retry would not help', (code) => {
    expect(fromDatabaseError(coded(code))).toBeNull();
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('is 503 for a lost or failed connection: %s', (message) => {
    for (const error of [new Error(message), new QueryFailedError('SELECT 1', [], new Error(message))]) {
      expect(fromDatabaseError(error)?.status).toBe(503);
    }
  });

  it.each([null, undefined, 'SQLITE_BUSY', 5, {}])('is null for a value that is not an error: %p', (thrown) => {
    expect(fromDatabaseError(thrown)).toBeNull();
  });
});
