import type { Page } from 'playwright-core';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage } from './support/stage.js';

const TEST_MS = 120_000;

const stage = useStage();

const chartOf = (page: Page) => page.getByRole('slider', { name: 'Events over time' });

it(
  'narrows the time by dragging over the histogram, and goes back',
  async () => {
    const visit = await stage().visit('/audit');
    const { page } = visit;
    const box = await chartOf(page).boundingBox();
    if (!box) throw new Error('The histogram is not drawn.');
    await page.mouse.move(box.x + 1, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + 30, { steps: 4 });
    await page.mouse.up();
    await eventually(() => {
      expect(visit.address).toMatch(/^\/audit\?range=custom&from=.+&to=.+/);
    });
    await visit.drawn();
    await visit.screenshot('audit-narrowed');
    await expectNoAxeViolations(page);
    await page.goBack();
    await eventually(() => {
      expect(visit.address).toBe('/audit');
    });
  },
  TEST_MS,
);

it(
  'narrows the time with the keyboard alone',
  async () => {
    const visit = await stage().visit('/audit');
    const chart = chartOf(visit.page);
    await chart.focus();
    await visit.page.keyboard.press('End');
    await expectPoll(() => chart.getAttribute('aria-valuetext')).toMatch(/events: \d/);
    await visit.page.keyboard.press('Home');
    await visit.page.keyboard.press('Shift+End');
    await visit.page.keyboard.press('Enter');
    await eventually(() => {
      expect(visit.address).toContain('range=custom');
    });
  },
  TEST_MS,
);

it(
  'filters by what the events have in common',
  async () => {
    const visit = await stage().visit('/audit');
    const { page } = visit;
    await page.getByRole('button', { name: /^Agent registered/ }).click();
    await eventually(() => {
      expect(visit.address).toBe('/audit?action=agent.registered');
    });
    await page.locator('button[aria-pressed=true]', { hasText: 'Agent registered' }).click();
    await eventually(() => {
      expect(visit.address).toBe('/audit');
    });
  },
  TEST_MS,
);

it(
  'keeps what the events have in common behind a button where there is no room',
  async () => {
    const visit = await stage().visit('/audit', { viewport: NARROW, theme: 'dark', language: 'zh' });
    const { page } = visit;
    await page.getByRole('button', { name: '事件分类' }).click();
    await page.locator('ops-audit-facets').waitFor();
    await visit.screenshot('audit-facets-390-dark-zh');
    await expectPoll(() => visit.sidewaysPx()).toBe(0);
    await expectNoAxeViolations(page);
  },
  TEST_MS,
);

it(
  'verifies the audit for an operator, and tells a viewer who can',
  async () => {
    const { installation } = stage();
    await installation.createUser('vera', 'viewer');
    const visit = await stage().visit('/audit');
    const { page } = visit;
    await page.getByRole('button', { name: 'Verify the audit' }).click();
    await page.getByText('Verified', { exact: true }).waitFor();
    await page.getByText(/sealed segments are what was written/).waitFor();
    await visit.screenshot('audit-verified');
    await expectNoAxeViolations(page);

    const viewer = await stage().visit('/audit', { as: USERS.viewer });
    await viewer.page.getByText('can be verified by an operator or an owner').waitFor();
    await expectPoll(() => viewer.page.getByRole('button', { name: 'Verify the audit' }).count()).toBe(0);
  },
  TEST_MS,
);

it(
  'gives each event an address of its own',
  async () => {
    const visit = await stage().visit('/audit?action=agent.registered');
    const { page } = visit;
    await page.getByRole('table', { name: 'Audit' }).locator('button.sentence').first().click();
    await page.getByRole('link', { name: "This event's own page" }).click();
    await page.getByRole('heading', { level: 1, name: /registered/ }).waitFor();
    expect(visit.address).toMatch(/^\/audit\/aud_[0-9A-Z]{26}$/);
    await expectNoAxeViolations(page);
    visit.expectRefusal(404, '/api/admin/audit-events/aud_nowhere');
    await visit.goTo('/audit/aud_nowhere');
    await page.getByText('There is no such event (any more)').waitFor();
  },
  TEST_MS,
);
