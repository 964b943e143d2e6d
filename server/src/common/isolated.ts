import type { LoggerService } from '@nestjs/common';

type ErrorLog = Pick<LoggerService, 'error'>;

/** Runs `work`; what it throws is logged, because its caller has to go on. */
export const runIsolated = (log: ErrorLog, work: () => void): void => {
  try {
    work();
  } catch (error) {
    log.error(error);
  }
};

/**
 * An event handler that cannot end the process: Node ends it for whatever a listener of a stream, a socket or a timer
 * throws.
 */
export const isolated =
  <A extends readonly unknown[]>(log: ErrorLog, handler: (...args: A) => void) =>
  (...args: A): void => {
    try {
      handler(...args);
    } catch (error) {
      log.error(error);
    }
  };
