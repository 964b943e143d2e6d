import { isUniqueViolation } from './unique-violation.js';

const ATTEMPTS = 3;

/**
 * Runs a transaction anew when it lost a race for a key: the next attempt finds the winner's row and decides as if it had
 * come later. Only PostgreSQL runs transactions side by side and gets here.
 */
export const retryOnUniqueViolation = async <T>(transaction: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  return transaction();
};
