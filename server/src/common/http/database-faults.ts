import { DomainError } from '../errors/domain-error.js';
import { errorCodeOf } from '../errors/error-code.js';

/** Primary result codes (https://www.sqlite.org/rescode.html) under which the same request may work a little later. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;

/** SQLSTATE classes (PostgreSQL, appendix A): connection, resources, operator intervention; and serialization conflicts. */
const POSTGRES_UNAVAILABLE = /^(?:08...|53...|57P0.|40001|40P01)$/;

const NETWORK_UNAVAILABLE = /^E(?:CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|TIMEDOUT)$/;

/** TypeORM wraps the driver's error. */
const driverCode = (error: unknown): string =>
  errorCodeOf(typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : error) ?? '';

/** 503 `DATABASE_UNAVAILABLE` for an error that says the database cannot be used now; null for any other. */
export const databaseFault = (error: unknown): DomainError | null => {
  const code = driverCode(error);
  const unavailable = [SQLITE_UNAVAILABLE, POSTGRES_UNAVAILABLE, NETWORK_UNAVAILABLE].some((rule) => rule.test(code));
  return unavailable
    ? new DomainError('DATABASE_UNAVAILABLE', 'The database cannot be used right now; try again shortly.', {
        retryAfterSeconds: 2,
        cause: error,
      })
    : null;
};
