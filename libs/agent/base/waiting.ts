/** Timers fire at once when they are set to more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** `seconds` as a timer takes them: whole milliseconds, never negative, three weeks at most. */
export const timerMs = (seconds: number): number => Math.min(Math.max(Math.ceil(seconds * 1000), 0), MAX_TIMER_MS);

/** Resolves after `seconds`, or at once when `signal` aborts. Does not keep the process alive. */
export const sleep = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, timerMs(seconds)).unref();
    signal.addEventListener('abort', wake);
  });

/** A signal that aborts after `seconds`. Does not keep the process alive. */
export const timeLimit = (seconds: number): AbortSignal => AbortSignal.timeout(timerMs(seconds));

/** Whether `work` ends within `seconds`. Keeps the process alive while waiting. @throws what `work` throws in that time */
export const endsWithin = async (work: Promise<unknown>, seconds: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, timerMs(seconds));
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The result of `work`. @throws what it throws, or an error that names `subject` when it takes longer than `seconds` */
export const withTimeLimit = async <T>(work: () => T | Promise<T>, seconds: number, subject: string): Promise<T> => {
  const result = (async () => work())();
  if (await endsWithin(result, seconds)) return result;
  throw new Error(`${subject} took longer than ${seconds} seconds.`);
};
