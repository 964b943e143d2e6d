const ATTEMPTS = 3;

/** Runs a transaction anew, three times in all, when it fails with what `isWorthIt` says may not happen again. */
export const retryOn = async <T>(isWorthIt: (error: unknown) => boolean, transaction: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isWorthIt(error)) throw error;
    }
  }
  return transaction();
};
