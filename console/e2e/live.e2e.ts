import type { Page } from 'playwright-core';
import type { AgentDetail, Command } from '#contracts';
import { anAgentDescription, aReportedService, eventually, TestAgent } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage, WIDE } from './support/stage.js';
import { STREAM, type Visit } from './support/visit.js';

const MINUTE_MS = 60_000;
const TEST_MS = 120_000;
/** Everything a page may ask for while the server is away. */
const API = '/api/';

const stage = useStage();

/** As if the tab were put behind another one, or back: a browser without a screen shows all of its tabs. */
const show = (page: Page, state: DocumentVisibilityState): Promise<void> =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

const liveVisit = async (...args: Parameters<ReturnType<typeof stage>['visit']>): Promise<Visit> => {
  const visit = await stage().visit(...args);
  await visit.says('live');
  await visit.atRest();
  return visit;
};

/** A visit that never polls: what it shows of what has changed, it was told. */
const toldVisit = async (...args: Parameters<typeof liveVisit>): Promise<Visit> => {
  const visit = await stage().visit(...args);
  await visit.context.addInitScript(() => {
    window.setInterval = (() => 0) as unknown as typeof window.setInterval;
  });
  await visit.goTo(visit.address);
  await visit.says('live');
  await visit.atRest();
  return visit;
};

it('is told what is begun in another tab, and how it ends', async () => {
  const watching = await toldVisit('/commands', { as: USERS.viewer });
  const rows = watching.page.locator('tbody tr');
  const before = await rows.count();
  const { id } = await stage().installation.demoService();
  const { page } = await liveVisit(`/services/${id}/actions/echo`, { as: USERS.operator });
  const run = page.locator('form').getByRole('button', { name: 'Run', exact: true });
  await run.waitFor();
  await watching.atRest();

  const created = page.waitForResponse((response) => response.request().method() === 'POST');
  await run.click();
  await created;
  await rows.nth(before).waitFor();
  await page.locator('.outcome [data-status=SUCCEEDED]').waitFor();
  await rows.first().locator('[data-status=SUCCEEDED]').waitFor();
});

it('follows a running command step by step', async () => {
  const { installation } = stage();
  const agent = await installation.enrolAgent('stepwise', 'Stepwise');
  const owner = await installation.as(USERS.owner);
  const { services } = await owner.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();
  const { id } = await owner
    .post(`/api/admin/capsule-services/${services[0]?.id ?? ''}/actions/echo`, { payload: { text: 'Hello' } })
    .expectOk<Command>();
  const { page } = await toldVisit(`/commands/${id}`, { as: USERS.operator });
  await page.locator('[data-status=PENDING]').first().waitFor();

  await agent.poll();
  await page.locator('[data-status=RUNNING]').first().waitFor();
  for (const percent of [30, 60, 90]) {
    await agent.progress(id, { percent, message: `Step ${String(percent)}` }).expectOk();
    await page.getByText(`Step ${String(percent)}`).waitFor();
  }
  await agent.complete(id, { success: true, message: 'All done.' }).expectOk();
  await page.getByText('All done.').waitFor();
});

it('says that the agent has come as soon as it has used its token', async () => {
  const { page } = await toldVisit('/registration-tokens?create=1');
  await page.getByLabel('Name').fill('For one that comes soon');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your registration token' });
  const registrationToken = await dialog.getByLabel('The registration token').innerText();
  await dialog.getByText('Waiting for the agent…').waitFor();
  await TestAgent.register(stage().installation.api, {
    registrationToken,
    agent: anAgentDescription({ code: 'comes-soon' }),
    service: aReportedService(),
  });
  await dialog.getByRole('link', { name: 'Open the agent' }).waitFor();
});

it(
  'says that it looks for the server while that is away, and is right when it is back',
  async () => {
    const { installation } = stage();
    const visit = await liveVisit('/registration-tokens');
    visit.expectNoAnswer(API);
    await visit.screenshot('live-light');
    await installation.restartServer(async () => {
      await visit.says('reconnecting');
      await visit.screenshot('live-reconnecting-light');
    });
    await (await installation.as(USERS.owner)).createToken({ name: 'Made after the restart' });
    await visit.says('live');
    await visit.page.getByRole('row', { name: /Made after the restart/ }).waitFor();
    await (await installation.as(USERS.owner)).createToken({ name: 'Made while live' });
    await visit.page.getByRole('row', { name: /Made while live/ }).waitFor();
  },
  TEST_MS,
);

it('says that it polls when the server refuses the stream, finds what is new, and goes back to it', async () => {
  const visit = await liveVisit('/registration-tokens');
  visit.expectRefusal(503, STREAM);
  await visit.blockStream((route) => route.fulfill({ status: 503 }));
  await visit.says('polling');
  await visit.screenshot('live-polling-light');
  await expectNoAxeViolations(visit.page);
  await (await stage().installation.as(USERS.owner)).createToken({ name: 'Found by a poll' });
  await visit.page.getByRole('row', { name: /Found by a poll/ }).waitFor();
  const status = visit.page.locator('ops-live-dot [role=status]');
  await eventually(async () => {
    expect(await status.textContent()).toContain('Live updates are interrupted.');
  });
  await visit.context.unrouteAll();
  await visit.says('live');
  expect((await status.textContent())?.trim()).toBe('');
});

it('asks for nothing while nobody can see the tab, and for what is new when somebody can', async () => {
  const visit = await stage().visit('/registration-tokens');
  const { page } = visit;
  await page.clock.install();
  await visit.goTo('/registration-tokens');
  await visit.says('live');
  await visit.atRest();
  await show(page, 'hidden');
  const asked = visit.apiRequests.length;
  await (await stage().installation.as(USERS.owner)).createToken({ name: 'Made unseen' });
  await page.clock.runFor(MINUTE_MS);
  await eventually(() => {
    expect(visit.hasStream).toBe(false);
  });
  await page.clock.runFor(10 * MINUTE_MS);
  expect(visit.apiRequests.length).toBe(asked);
  await expectPoll(() => page.getByRole('row', { name: /Made unseen/ }).count()).toBe(0);

  await show(page, 'visible');
  await page.getByRole('row', { name: /Made unseen/ }).waitFor();
  await visit.says('live');
});

it.each(['light', 'dark'] as const)(
  'draws the dot in every state without moving anything, in both widths, in %s',
  async (theme) => {
    const visit = await liveVisit('/agents', { theme, language: 'zh' });
    const search = visit.page.locator('header .search');
    const places = new Map<number, unknown>();
    const draw = async (state: 'live' | 'reconnecting' | 'polling'): Promise<void> => {
      for (const viewport of [WIDE, NARROW]) {
        const { width } = viewport;
        await visit.lookAs({ theme, viewport });
        const place = await search.boundingBox();
        if (!places.has(width)) places.set(width, place);
        expect(place).toEqual(places.get(width));
        await visit.screenshot(`dot-${state}-${theme}-${String(width)}`);
        await expectPoll(() => visit.sidewaysPx()).toBe(0);
        await expectNoAxeViolations(visit.page);
      }
    };

    await draw('live');
    visit.expectNoAnswer(STREAM);
    visit.expectRefusal(503, STREAM);
    await visit.blockStream((route) => route.abort());
    await visit.says('reconnecting');
    await draw('reconnecting');
    await visit.context.unrouteAll();
    await visit.blockStream((route) => route.fulfill({ status: 503 }));
    await visit.says('polling');
    await draw('polling');
  },
  TEST_MS,
);
