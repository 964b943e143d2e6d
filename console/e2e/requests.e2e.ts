import { setTimeout as sleep } from 'node:timers/promises';
import { PAGES } from './support/pages.js';
import { useStage } from './support/stage.js';

const REFRESH_MS = 5_000;
const WATCHED_MS = 11_000;

const stage = useStage();

/** When each call came, in milliseconds. */
const watch = async ({ path, as }: (typeof PAGES)[number]): Promise<readonly number[]> => {
  const visit = await stage().visit(await path(stage().installation), as === undefined ? {} : { as });
  await visit.page.waitForLoadState('networkidle');
  const begin = visit.apiRequests.length;
  const times: number[] = [];
  visit.page.on('request', () => times.push(Date.now()));
  await sleep(WATCHED_MS);
  expect(visit.apiRequests.length - begin).toBe(times.length);
  return times;
};

it('makes at most one request per refresh while a page is idle', async () => {
  const all = await Promise.all(PAGES.map(async (page) => [page.name, await watch(page)] as const));
  const tooOften = all.filter(([, times]) =>
    times.some((time, i) => i > 0 && time - (times[i - 1] ?? 0) < REFRESH_MS * 0.8),
  );
  expect(tooOften).toEqual([]);
  const counts = Object.fromEntries(all.map(([name, times]) => [name, times.length]));
  expect(Math.max(...Object.values(counts))).toBeLessThanOrEqual(WATCHED_MS / REFRESH_MS + 1);
  // And it does refresh.
  expect(counts.agents).toBeGreaterThanOrEqual(2);
});
