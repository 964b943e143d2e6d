import { driverErrorOf, errorCodeOf } from '../common/errors/error-code.js';

/** SQLSTATE (PostgreSQL, appendix A): serialization failure and deadlock. */
const WRITE_CONFLICT_CODES: readonly string[] = ['40001', '40P01'];

/** Whether PostgreSQL gave a transaction up because of another one: nothing of it is kept, and the same may work anew. */
export const isWriteConflict = (error: unknown): boolean => WRITE_CONFLICT_CODES.includes(errorCodeOf(driverErrorOf(error)) ?? '');
