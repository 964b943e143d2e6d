import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();

/** Marks what runs within as being in a transaction. */
export const runInTransactionScope = <T>(work: () => Promise<T>): Promise<T> => inside.run(true, work);

/** A transaction that waits for another one behind itself in the queue would wait for ever: refuse it by name. */
export const refuseNestedTransaction = (): void => {
  if (inside.getStore()) throw new Error('A transaction was opened within a transaction; pass its tx on instead.');
};
