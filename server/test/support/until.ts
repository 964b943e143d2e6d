import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 5_000;
const STEP_MS = 10;

/** Waits for what happens by itself a little later; fails when it does not happen. */
export const until = async (
  what: string,
  isSo: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> => {
  for (let waited = 0; waited < patienceMs; waited += STEP_MS) {
    if (await isSo()) return;
    await delay(STEP_MS);
  }
  throw new Error(`Waited in vain until ${what}.`);
};
