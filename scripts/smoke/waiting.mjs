import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Asks until the answer is neither null, undefined nor false. @throws when `timeoutMs` have passed */
export const eventually = async (what, ask, timeoutMs = 30_000) => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await sleep(POLL_MS);
  }
};
