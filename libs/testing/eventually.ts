import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 30_000;
const POLL_MS = 10;

export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** Repeats assertions until they pass. @throws their last error when they do not pass in time */
export async function eventually(assertions: () => void | Promise<void>): Promise<void>;
/** Polls `probe` until it returns something truthy, and returns that. @throws an error that names `what` after `timeoutMs` */
export async function eventually<T>(what: string, probe: () => T | Promise<T>, timeoutMs?: number): Promise<Truthy<T>>;
export async function eventually<T>(
  what: string | (() => T | Promise<T>),
  probe?: () => T | Promise<T>,
  timeoutMs = TIMEOUT_MS,
): Promise<T | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const isLate = Date.now() > deadline;
    if (typeof what === 'string') {
      const value = await probe?.();
      if (value) return value;
      if (isLate) throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}.`);
    } else if (await passes(what, isLate)) return undefined;
    await sleep(POLL_MS);
  }
}

/** Whether the assertions pass. @throws their error on the last attempt */
const passes = async (assertions: () => unknown, isLastAttempt: boolean): Promise<boolean> => {
  try {
    await assertions();
    return true;
  } catch (error) {
    if (isLastAttempt) throw error;
    return false;
  }
};
