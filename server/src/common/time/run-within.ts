import { createContext, Script } from 'node:vm';
import { errorCodeOf } from '../errors/error-code.js';

/** The task took too long and was stopped where it stood. */
export class TimeLimitExceeded extends Error {}

const CALL = new Script('task()');

/** Made once: making one takes longer than what runs in it. */
const stage: { task: (() => unknown) | null } = { task: null };
createContext(stage);

/**
 * Runs a synchronous task that hostile input may make endless, a regular expression included. Whatever it was building
 * when it was stopped must be thrown away.
 * @throws TimeLimitExceeded
 */
export const runWithin = <T>(milliseconds: number, task: () => T): T => {
  stage.task = task;
  try {
    return CALL.runInContext(stage, { timeout: milliseconds }) as T;
  } catch (error) {
    if (errorCodeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TimeLimitExceeded(`The task took more than ${milliseconds} ms.`);
  } finally {
    stage.task = null;
  }
};
