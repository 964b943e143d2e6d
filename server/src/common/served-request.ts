import { AsyncLocalStorage } from 'node:async_hooks';

/** A request while it is served: what log lines need of it, and what serving it has taken so far. */
export class ServedRequest {
  /** Milliseconds of the serving thread: {@link threadMs}. */
  ms = 0;
  /** Rows written. */
  rows = 0;
  /** Receives the request once its response has ended, to charge its caller. */
  onEnd: ((request: ServedRequest) => void) | null = null;

  constructor(
    readonly id: unknown,
    readonly method: string,
    readonly url: string,
  ) {}
}

/** Missing in Node before 23.9. */
type ThreadUsage = Partial<Pick<NodeJS.Process, 'threadCpuUsage'>>;

/**
 * Returns the processor time that this thread has used, in milliseconds; without a way to know it, the time that has passed. On a busy
 * machine the two differ many times over, and a caller must not pay for what other processes do.
 */
export const threadMs = (): number => {
  const usage = (process as ThreadUsage).threadCpuUsage?.();
  return usage ? (usage.user + usage.system) / 1000 : performance.now();
};

const current = new AsyncLocalStorage<ServedRequest>();

/** Runs `work`, and all that follows from it, as part of this request. */
export const serve = (request: ServedRequest, work: () => void): void => {
  current.run(request, work);
};

/** Returns the request that is being served; undefined outside of one. */
export const servedRequest = (): ServedRequest | undefined => current.getStore();

/** Runs synchronous work that may take long, and adds its time to the request that is being served. */
export const measured = <T>(work: () => T): T => {
  const request = current.getStore();
  if (!request) return work();
  const since = threadMs();
  try {
    return work();
  } finally {
    request.ms += threadMs() - since;
  }
};
