import { eventually } from '#testing';
import { callsIn, NEARLY_A_POLL_MS, pause, POLL_MS } from './support/clock.js';
import { PAGES } from './support/pages.js';
import { useStage } from './support/stage.js';
import { STREAM, type Visit } from './support/visit.js';

const POLLS = 3;
/** How many pages are watched side by side: more would disturb each other. */
const AT_ONCE = 6;
const TEST_MS = 240_000;
const REST_MS = 500;
/** Longer than a page holds back news, as of what another page has prepared. */
const HEARS_REST_MS = 1_500;

const stage = useStage();

// Left alone, the demo changes its health every few minutes: that is news, and no rest.
beforeAll(async () => {
  const { installation } = stage();
  const { id } = await installation.startAction('setHealth', { mode: 'UP' });
  await eventually(async () => {
    expect((await installation.command(id)).status).toBe('SUCCEEDED');
  });
});

/** What `look` says of every page by its name, some at a time and each ready and at rest before any is looked at. */
const onEveryPage = async <T>(
  restMs: number,
  makeReady: (visit: Visit, path: string) => Promise<void>,
  look: (visit: Visit) => Promise<T>,
): Promise<ReadonlyMap<string, T>> => {
  const all = new Map<string, T>();
  const windows = await Promise.all(Array.from({ length: AT_ONCE }, () => stage().window()));
  for (const { page } of windows) await page.clock.install();
  for (let i = 0; i < PAGES.length; i += AT_ONCE) {
    const some = await Promise.all(
      PAGES.slice(i, i + AT_ONCE).map(async ({ name, path, as }, j) => {
        const visit = as === undefined ? windows[j] : await stage().window({ as });
        if (!visit) throw new Error('There are too few windows.');
        if (as !== undefined) await visit.page.clock.install();
        await makeReady(visit, await path(stage().installation));
        return { name, visit };
      }),
    );
    await Promise.all(some.map(({ visit }) => visit.atRest(restMs)));
    await Promise.all(
      some.map(async ({ name, visit }) => {
        await pause(visit);
        all.set(name, await look(visit));
        await visit.page.clock.resume();
      }),
    );
  }
  return all;
};

it(
  'makes no request at all while a page is idle and hears of changes',
  async () => {
    const all = await onEveryPage(
      HEARS_REST_MS,
      async (visit, path) => {
        await visit.goTo(path);
        if (!visit.address.startsWith('/login')) await visit.says('live');
      },
      async (visit) => {
        // The server itself may have news, as of a sweep: that is one burst, where polls come again and again.
        await eventually(async () => {
          expect(await callsIn(visit, 2 * POLL_MS)).toBe(0);
        });
        return visit.address;
      },
    );
    expect(all.size).toBe(PAGES.length);
  },
  TEST_MS,
);

it(
  'makes at most one request per poll while a page is idle and hears of nothing',
  async () => {
    const all = await onEveryPage(
      REST_MS,
      async (visit, path) => {
        visit.expectNoAnswer(STREAM);
        await visit.context.route(`**${STREAM}`, (route) => route.abort());
        await visit.goTo(path);
      },
      async (visit) => {
        const calls: number[] = [];
        for (let i = 0; i < POLLS; i += 1) calls.push(await callsIn(visit, NEARLY_A_POLL_MS));
        return calls;
      },
    );
    expect([...all].filter(([, calls]) => Math.max(...calls) > 1)).toEqual([]);
    // And it does poll.
    expect(all.get('agents')?.reduce((sum, calls) => sum + calls, 0)).toBeGreaterThanOrEqual(POLLS - 1);
  },
  TEST_MS,
);
