import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage } from './support/stage.js';

const stage = useStage();

it('goes to a page by keyboard alone', async () => {
  const visit = await stage().visit('/agents');
  const { page } = visit;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search/ }).waitFor();
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await eventually(() => {
    expect(visit.address).toBe('/audit');
  });
  await expectPoll(() => page.getByRole('dialog').count()).toBe(0);
  await expectPoll(() => page.locator(':focus').getAttribute('id')).toBe('main');
});

it('finds services, agents and the actions of a service', async () => {
  const visit = await stage().visit('/agents');
  const { page } = visit;
  const service = await stage().installation.demoService();
  await page.keyboard.press('Control+k');
  // By its name: the page below has a combobox too, the filter by status.
  await page.getByRole('combobox', { name: /^Search,/ }).waitFor();
  await page.keyboard.type('demo');
  await page.getByRole('option', { name: /Demo Agent/ }).waitFor();
  await visit.screenshot('palette');
  await expectNoAxeViolations(page);
  await page.keyboard.press('ArrowDown');
  const group = page.getByRole('group', { name: /^Run an action on/ });
  await group.getByRole('option', { name: /^Demo Inventory/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^Echo/ }).waitFor();
  await visit.screenshot('palette-actions');
  await expectNoAxeViolations(page);
  await page.keyboard.type('echo');
  await page.keyboard.press('Enter');
  await eventually(() => {
    expect(visit.address).toBe(`/services/${service.id}/actions/echo`);
  });
});

it('puts the focus back on Escape', async () => {
  const { page } = await stage().visit('/agents');
  const search = page.getByLabel('Search agents');
  await search.focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search,/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expectPoll(() => search.evaluate((field) => field === document.activeElement)).toBe(true);
});

it('is opened by its button too, also on a narrow screen in the dark', async () => {
  const visit = await stage().visit('/agents', { viewport: NARROW, theme: 'dark', as: USERS.viewer });
  await visit.page.getByRole('button', { name: /^Search or go/ }).click();
  await visit.page.getByRole('option', { name: 'Agents' }).waitFor();
  await expectPoll(() => visit.page.getByRole('option', { name: 'Users' }).count()).toBe(0);
  await visit.screenshot('palette-390');
  await expectPoll(() => visit.sidewaysPx()).toBe(0);
  await expectNoAxeViolations(visit.page);
});

it('asks the server nothing while it is closed or empty', async () => {
  const { page, apiRequests } = await stage().visit('/nowhere');
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Agents' }).waitFor();
  const asked = apiRequests.map((request) => new URL(request.url()).pathname);
  expect(asked).toEqual(['/api/admin/auth/me']);
});

it('shows which keys there are', async () => {
  const visit = await stage().visit('/agents');
  await visit.page.keyboard.press('?');
  const dialog = visit.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  for (const key of ['Ctrl K', '/', 'j', 'k', 'Enter']) {
    await expectPoll(() => dialog.getByText(key, { exact: true }).count()).toBe(1);
  }
  await visit.screenshot('shortcuts');
  await expectNoAxeViolations(visit.page);
  await visit.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
