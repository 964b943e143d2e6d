import type { Visit } from './visit.js';

/** How often a page polls that hears of nothing. */
export const POLL_MS = 5_000;
/** Less than that: two polls never fall into one. */
export const NEARLY_A_POLL_MS = POLL_MS - 100;
/** In which what is due begins to ask. */
const FLUSH_MS = 50;

/** Lets what is due ask, and be answered. */
const settle = async (visit: Visit): Promise<void> => {
  await visit.page.clock.runFor(FLUSH_MS);
  // A call of our own: by its answer, those before it are counted.
  await visit.page.evaluate(() => fetch('/health'));
  await visit.atRest();
};

/** Stops the clock of the page, so that it goes on only when a test says so; a poll that had just begun is over. */
export const pause = async (visit: Visit): Promise<void> => {
  await visit.page.clock.pauseAt(await visit.page.evaluate(() => Date.now() + 1_000));
  await settle(visit);
};

/** How many calls the page makes while this much time goes by for it. */
export const callsIn = async (visit: Visit, ms: number): Promise<number> => {
  const before = visit.apiRequests.length;
  await visit.page.clock.runFor(ms);
  await settle(visit);
  return visit.apiRequests.length - before;
};
