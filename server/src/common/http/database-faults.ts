import { DomainError } from '../errors/domain-error.js';
import { driverErrorOf, errorCodeOf } from '../errors/error-code.js';

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
export const databaseFault = (error: unknown): DomainError | null =>
  isUnavailable(driverErrorOf(error))
    ? new DomainError('DATABASE_UNAVAILABLE', 'The database cannot be used right now; try again shortly.', {
        retryAfterSeconds: 2,
        cause: error,
      })
    : null;
