import { setTimeout as sleep } from 'node:timers/promises';
import { PAGES } from './support/pages.js';
import { useStage } from './support/stage.js';

const REFRESH_MS = 5_000;
const WATCHED_MS = 11_000;
/** How many pages are watched side by side: more would disturb each other. */
const AT_ONCE = 6;
const TEST_MS = 400_000;
/** Two calls as near to each other belong to the same refresh, however busy the machine is. */
const TOGETHER_MS = 1_000;

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
  await visit.page.close();
  return times;
};

it(
  'makes at most one request per refresh while a page is idle',
  async () => {
    const all: (readonly [string, readonly number[]])[] = [];
    for (let i = 0; i < PAGES.length; i += AT_ONCE) {
      const some = PAGES.slice(i, i + AT_ONCE);
      all.push(...(await Promise.all(some.map(async (page) => [page.name, await watch(page)] as const))));
    }
    const tooOften = all.filter(([, times]) =>
      times.some((time, i) => i > 0 && time - (times[i - 1] ?? 0) < TOGETHER_MS),
    );
    expect(tooOften).toEqual([]);
    const counts = Object.fromEntries(all.map(([name, times]) => [name, times.length]));
    expect(Math.max(...Object.values(counts))).toBeLessThanOrEqual(WATCHED_MS / REFRESH_MS + 1);
    // And it does refresh.
    expect(counts.agents).toBeGreaterThanOrEqual(2);
  },
  TEST_MS,
);
