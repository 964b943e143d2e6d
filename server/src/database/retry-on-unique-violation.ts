import { retryOn } from './retry-on.js';
import { isUniqueViolation } from './unique-violation.js';

/**
 * Runs a transaction anew when it lost a race for a key: the next attempt finds the winner's row and decides as if it had
 * come later. Only PostgreSQL runs transactions side by side and gets here.
 */
export const retryOnUniqueViolation = <T>(transaction: () => Promise<T>): Promise<T> =>
  retryOn(isUniqueViolation, transaction);
