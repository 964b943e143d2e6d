import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, driverErrorOf, errorCodeOf } from '../common/errors.js';

const ATTEMPTS = 3;
const PAUSE_MS = 40;

/** Runs a transaction anew, three times in all, when it fails with what `isWorthIt` says may not happen again. */
export const retryTransaction = async <T>(
  isWorthIt: (error: unknown) => boolean,
  transaction: () => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isWorthIt(error)) throw error;
    }
    // The one it gave way to must get through first: PostgreSQL lets who comes at once overtake who waits.
    await delay(attempt * PAUSE_MS * (0.5 + Math.random()));
  }
  return transaction();
};

/** Primary result codes (https://www.sqlite.org/rescode.html) under which the same request may work a little later. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;

/**
 * SQLSTATE classes (PostgreSQL, appendix A): connection, resources, operator intervention, a database that is gone; and
 * serialization conflicts.
 */
const POSTGRES_UNAVAILABLE = /^(?:08...|53...|57P0.|3D000|40001|40P01)$/;

const NETWORK_UNAVAILABLE = /^E(?:CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|TIMEDOUT)$/;

/** What `pg` and its pool say of a connection that broke or could not be had; these errors carry no code. */
const CONNECTION_LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

const isUnavailable = (error: unknown): boolean => {
  const code = errorCodeOf(error) ?? '';
  const codes = [SQLITE_UNAVAILABLE, POSTGRES_UNAVAILABLE, NETWORK_UNAVAILABLE];
  return codes.some((rule) => rule.test(code)) || (error instanceof Error && CONNECTION_LOST.test(error.message));
};

/** 503 `DATABASE_UNAVAILABLE` for an error that says the database cannot be used now; null for any other. */
export const fromDatabaseError = (error: unknown): DomainError | null =>
  isUnavailable(driverErrorOf(error))
    ? new DomainError('DATABASE_UNAVAILABLE', 'The database cannot be used right now; try again shortly.', {
        retryAfterSeconds: 2,
        cause: error,
      })
    : null;

/** SQLite's extended result codes and PostgreSQL's SQLSTATE for "this key is taken". */
const UNIQUE_VIOLATION_CODES: readonly string[] = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505'];

/** Whether a statement failed because another row has the key. Ask outside the transaction: it is rolled back. */
export const isUniqueViolation = (error: unknown): boolean =>
  UNIQUE_VIOLATION_CODES.includes(errorCodeOf(driverErrorOf(error)) ?? '');

/**
 * Runs a transaction anew when it lost a race for a key: the next attempt finds the winner's row and decides as if it had
 * come later. Only PostgreSQL runs transactions side by side and gets here.
 */
export const retryOnUniqueViolation = <T>(transaction: () => Promise<T>): Promise<T> =>
  retryTransaction(isUniqueViolation, transaction);

/** SQLSTATE (PostgreSQL, appendix A): serialization failure and deadlock. */
const WRITE_CONFLICT_CODES: readonly string[] = ['40001', '40P01'];

/** Whether PostgreSQL gave a transaction up because of another one: nothing of it is kept, and the same may work anew. */
export const isWriteConflict = (error: unknown): boolean =>
  WRITE_CONFLICT_CODES.includes(errorCodeOf(driverErrorOf(error)) ?? '');
