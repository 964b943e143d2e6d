import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.js';
import { PAGES, type PageUnderTest } from './support/pages.js';
import { useStage } from './support/stage.js';
import { STREAM, type Visit } from './support/visit.js';

const POLL_MS = 5_000;
const WATCHED_MS = 11_000;
/** How many pages are watched side by side: more would disturb each other. */
const AT_ONCE = 6;
const TEST_MS = 400_000;
/** Two requests as near to each other belong to the same poll, however busy the machine is. */
const TOGETHER_MS = 1_000;
/** Longer than a page holds back news, as of what another page has prepared. */
const REST_MS = 1_500;

const stage = useStage();

// Left alone, the demo changes its health every few minutes: that is news, and no rest.
beforeAll(async () => {
  const { installation } = stage();
  const { id } = await installation.startAction('setHealth', { mode: 'UP' });
  await eventually(async () => {
    expect((await installation.command(id)).status).toBe('SUCCEEDED');
  });
});

const open = async ({ path, as }: PageUnderTest): Promise<Visit> =>
  stage().visit(await path(stage().installation), as === undefined ? {} : { as });

/** When each request came while nobody did anything, in milliseconds; the stream of changes is none. */
const watch = async (visit: Visit): Promise<readonly number[]> => {
  const times: number[] = [];
  visit.page.on('request', (request) => {
    if (!request.url().endsWith(STREAM)) times.push(Date.now());
  });
  await sleep(WATCHED_MS);
  await visit.page.close();
  return times;
};

/** The requests of every page by its name, each page made ready before any is watched. */
const watchAll = async (makeReady: (visit: Visit) => Promise<void>) => {
  const all = new Map<string, readonly number[]>();
  for (let i = 0; i < PAGES.length; i += AT_ONCE) {
    const some = await Promise.all(
      PAGES.slice(i, i + AT_ONCE).map(async (page) => ({ name: page.name, visit: await open(page) })),
    );
    await Promise.all(some.map(({ visit }) => makeReady(visit)));
    await Promise.all(some.map(({ visit }) => visit.atRest(REST_MS)));
    await Promise.all(some.map(async ({ name, visit }) => all.set(name, await watch(visit))));
  }
  return all;
};

it(
  'makes no request at all while a page is idle and hears of changes',
  async () => {
    const all = await watchAll(async (visit) => {
      if (!visit.address.startsWith('/login')) await visit.says('live');
    });
    expect(all.size).toBe(PAGES.length);
    // The server itself may have news, as of a sweep: that is one burst, where polls come again and again.
    const isAtRest = (times: readonly number[]): boolean => (times.at(-1) ?? 0) - (times[0] ?? 0) < POLL_MS / 2;
    expect([...all].filter(([, times]) => !isAtRest(times))).toEqual([]);
    // And most have none.
    expect([...all.values()].filter((times) => times.length > 0).length).toBeLessThan(AT_ONCE);
  },
  TEST_MS,
);

it(
  'makes at most one request per poll while a page is idle and hears of nothing',
  async () => {
    const all = await watchAll(async (visit) => {
      visit.expectNoAnswer(STREAM);
      await visit.blockStream((route) => route.abort());
    });
    const tooOften = [...all].filter(([, times]) =>
      times.some((time, i) => i > 0 && time - (times[i - 1] ?? 0) < TOGETHER_MS),
    );
    expect(tooOften).toEqual([]);
    expect(Math.max(...[...all.values()].map(({ length }) => length))).toBeLessThanOrEqual(WATCHED_MS / POLL_MS + 1);
    // And it does poll.
    expect(all.get('agents')?.length).toBeGreaterThanOrEqual(2);
  },
  TEST_MS,
);
