import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, driverErrorOf, errorCodeOf } from '../common/errors.js';

/** SQLite's extended result codes and PostgreSQL's SQLSTATE for a key that is taken. */
const UNIQUE_VIOLATION_CODES: readonly string[] = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505'];

/** SQLSTATE (PostgreSQL, appendix A): serialization failure and deadlock. */
const WRITE_CONFLICT_CODES: readonly string[] = ['40001', '40P01'];

/** Primary result codes (https://www.sqlite.org/rescode.html) after which the same request may work a little later. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;

/**
 * SQLSTATE classes (PostgreSQL, appendix A): connection, resources, operator intervention and time limits, a database that is
 * gone; and serialization conflicts.
 */
const POSTGRES_UNAVAILABLE = /^(?:08...|25P03|53...|57014|57P0.|3D000|40001|40P01)$/;

const NETWORK_UNAVAILABLE = /^E(?:CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|TIMEDOUT)$/;

/** Messages of `pg` and its pool for a connection that broke or could not be made; these errors carry no code. */
const CONNECTION_LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** What TypeORM throws in the middle of a transaction whose connection broke between two statements. */
const TRANSACTION_LOST = ['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError'];

const ATTEMPTS = 3;
const PAUSE_MS = 40;

/** What can be wrong with a database that is opened. */
export type DatabaseOpenFault =
  | 'DATABASE_IN_USE'
  | 'FOREIGN_OBJECTS'
  | 'NO_DATABASE'
  | 'NOT_OURS'
  | 'SCHEMA_INCOMPLETE'
  | 'SCHEMA_NEWER'
  | 'SCHEMA_OUTDATED'
  | 'UNUSABLE';

/** Why the database cannot be opened, and what to do about it, in one line. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';

  constructor(
    readonly code: DatabaseOpenFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const databaseCodeOf = (error: unknown): string => errorCodeOf(driverErrorOf(error)) ?? '';

/** Whether a statement failed because another row has the key. Ask outside the transaction: it is rolled back. */
export const isUniqueViolation = (error: unknown): boolean => UNIQUE_VIOLATION_CODES.includes(databaseCodeOf(error));

/** Whether PostgreSQL gave up a transaction in favour of another: nothing of it is kept, and a second try may succeed. */
export const isWriteConflict = (error: unknown): boolean => WRITE_CONFLICT_CODES.includes(databaseCodeOf(error));

/** Whether the database cannot be used right now, and the same request may work a little later. */
export const isDatabaseUnavailable = (error: unknown): boolean => {
  const cause = driverErrorOf(error);
  const code = databaseCodeOf(error);
  const rules = [SQLITE_UNAVAILABLE, POSTGRES_UNAVAILABLE, NETWORK_UNAVAILABLE];
  if (rules.some((rule) => rule.test(code))) return true;
  return cause instanceof Error && (CONNECTION_LOST.test(cause.message) || TRANSACTION_LOST.includes(cause.name));
};

/** No room: SQLite, PostgreSQL and the file system each say it in their own way. */
const DISK_FULL = /^(?:SQLITE_FULL|53100|ENOSPC|EDQUOT|EFBIG)$/;
const CANNOT_WRITE = /^(?:SQLITE_(?:READONLY|CANTOPEN|IOERR_WRITE|IOERR_FSYNC).*|25006|EROFS|EPERM)$/;

/** Why nothing can be stored. */
export type StorageFailure = 'full' | 'read-only';

/** Whether the error says that nothing can be stored, and why; null for any other error. */
export const storageFailureOf = (error: unknown): StorageFailure | null => {
  const code = databaseCodeOf(error);
  if (DISK_FULL.test(code)) return 'full';
  return CANNOT_WRITE.test(code) ? 'read-only' : null;
};

/** 503 `DATABASE_UNAVAILABLE` where {@link isDatabaseUnavailable} says so; null for any other error. */
export const fromDatabaseError = (error: unknown): DomainError | null =>
  isDatabaseUnavailable(error)
    ? new DomainError('DATABASE_UNAVAILABLE', 'The database cannot be used right now; try again shortly.', {
        retryAfterSeconds: 2,
        cause: error,
      })
    : null;

/** Runs a transaction again, three times in all, while it fails with an error that `isTransient` accepts. */
export const retryTransaction = async <T>(
  isTransient: (error: unknown) => boolean,
  transaction: () => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
    // The transaction it gave way to must finish first: in PostgreSQL, one that starts at once can overtake it.
    await delay(attempt * PAUSE_MS * (0.5 + Math.random()));
  }
  return transaction();
};

/**
 * Runs a transaction again when it lost a race for a key: the next attempt finds the winner's row and decides as if it had
 * come later. Only PostgreSQL runs transactions side by side and gets here.
 */
export const retryOnUniqueViolation = <T>(transaction: () => Promise<T>): Promise<T> =>
  retryTransaction(isUniqueViolation, transaction);
