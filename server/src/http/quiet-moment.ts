import { setImmediate } from 'node:timers/promises';

/** A turn of the event loop that found nothing to do is faster than this. */
const IDLE_TURN_MS = 0.2;
const LONGEST_MS = 1_000;

/**
 * Resolves when the event loop has just looked for new connections and found none. What the system has accepted for this process but
 * the process has not taken yet is reset together with the listening socket, and no proxy may send a POST twice. A server so busy that
 * there is no such moment within a second gets no better one by waiting.
 */
export const quietMoment = async (): Promise<void> => {
  const begin = performance.now();
  let turn: number;
  do {
    turn = performance.now();
    // Between two of these, the loop polls once without waiting.
    await setImmediate();
    if (turn - begin > LONGEST_MS) return;
  } while (performance.now() - turn > IDLE_TURN_MS);
};
