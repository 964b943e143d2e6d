import { driverErrorOf, errorCodeOf } from '../common/errors/error-code.js';

/** SQLite's extended result codes and PostgreSQL's SQLSTATE for "this key is taken". */
const UNIQUE_VIOLATION_CODES: readonly string[] = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505'];

/** Whether a statement failed because another row has the key. Ask outside the transaction: it is rolled back. */
export const isUniqueViolation = (error: unknown): boolean => UNIQUE_VIOLATION_CODES.includes(errorCodeOf(driverErrorOf(error)) ?? '');
