import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from './project.mjs';

/** The built server's program. */
export const SERVER_PROGRAM = inProject('dist', 'server', 'main.js');

const PROBE_TIMEOUT_MS = 2000;
const POLL_MS = 50;

/** What responds at this URL: `opstage` (healthy or not), `other`, or `nothing`. */
export const whatAnswersAt = async (url) => {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const body = await response.json();
    return body?.data?.edition === 'ce' ? 'opstage' : 'other';
  } catch (error) {
    return error instanceof SyntaxError ? 'other' : 'nothing';
  }
};

/** Waits until the server at `url` responds; false when `isRunning` returns false first, or on timeout. */
export const waitUntilItAnswers = async (url, isRunning, timeoutMs) => {
  const deadline = Date.now() + timeoutMs;
  while (isRunning() && Date.now() < deadline) {
    if ((await whatAnswersAt(url)) === 'opstage') return true;
    await sleep(POLL_MS);
  }
  return false;
};
