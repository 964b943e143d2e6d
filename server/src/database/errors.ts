import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 3;
const PAUSE_MS = 40;

/** Runs a transaction anew, three times in all, when it fails with what `isWorthIt` says may not happen again. */
export const retryOn = async <T>(isWorthIt: (error: unknown) => boolean, transaction: () => Promise<T>): Promise<T> => {
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
