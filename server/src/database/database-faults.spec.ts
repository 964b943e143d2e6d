import { QueryFailedError } from 'typeorm';
import { fromDatabaseError } from './errors.js';

const coded = (code: unknown): Error => Object.assign(new Error('driver says no'), { code });

describe('databaseFault', () => {
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
  ])('is 503 with a time to come back for %s, wrapped by TypeORM or not', (code) => {
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
  ])('is none for %p: trying again would not help', (code) => {
    expect(fromDatabaseError(coded(code))).toBeNull();
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('is 503 for a connection that broke or could not be had: %s', (message) => {
    for (const error of [new Error(message), new QueryFailedError('SELECT 1', [], new Error(message))]) {
      expect(fromDatabaseError(error)?.status).toBe(503);
    }
  });

  it.each([null, undefined, 'SQLITE_BUSY', 5, {}])('is none for what is no error: %p', (thrown) => {
    expect(fromDatabaseError(thrown)).toBeNull();
  });
});
