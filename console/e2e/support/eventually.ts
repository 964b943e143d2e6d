import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 20_000;
const POLL_MS = 50;

/** Tries until it holds; fails as the last try did. */
export const eventually = async (holds: () => Promise<void> | void): Promise<void> => {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      await holds();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
};
