import { servedRequest, threadMs } from '../common/served-request.js';
import type { Tx } from './tx.js';

type Work<T> = (tx: Tx) => Promise<T>;

/** Adds the rows that `work` writes to the request that is being served now; it may run later, among the work of others. */
export const withRowsCounted = <T>(work: Work<T>): Work<T> => {
  const request = servedRequest();
  if (!request) return work;
  return async (tx) => {
    try {
      return await work(tx);
    } finally {
      request.rows += tx.rowsWritten;
    }
  };
};

/** {@link withRowsCounted}, and adds the time too: for a driver that runs statements on the serving thread. */
export const withWorkMeasured = <T>(work: Work<T>): Work<T> => {
  const request = servedRequest();
  if (!request) return work;
  return async (tx) => {
    const since = threadMs();
    try {
      return await work(tx);
    } finally {
      request.ms += threadMs() - since;
      request.rows += tx.rowsWritten;
    }
  };
};
