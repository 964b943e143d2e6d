import type { Locator } from 'playwright-core';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

const MORE_THAN_A_PAGE = 45;

const stage = useStage();

const expectFocusOn = async (locator: Locator): Promise<void> => {
  await expectPoll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true);
};

it('leads from a label of the wall to the services with it, and back to all', async () => {
  const visit = await stage().visit('/');
  const { page } = visit;
  await page.getByRole('heading', { level: 3 }).getByRole('link', { name: 'demo', exact: true }).click();
  await eventually(() => {
    expect(visit.address).toBe('/services?label=env:demo');
  });
  await page.getByRole('link', { name: /^Demo Inventory/ }).waitFor();
  await visit.screenshot('services-label');
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Do not filter by env:demo' }).click();
  await eventually(() => {
    expect(visit.address).toBe('/services');
  });

  await visit.goTo('/services?label=env:other');
  await page.getByText('Nothing matches the filters').waitFor();
});

it('finds a command by what its action is called, and by its id', async () => {
  const { id } = await stage().installation.echoed();
  const visit = await stage().visit('/commands');
  const { page } = visit;
  const search = page.getByLabel('Search id, action, service, agent');
  const found = page.locator('tbody tr');
  await search.fill('nothing like this');
  await page.getByText('Nothing matches the filters').waitFor();
  for (const text of ['ECHO', 'inventory', id.slice(-10)]) {
    await search.fill(text);
    await eventually(async () => {
      expect(visit.address).toBe(`/commands?q=${encodeURIComponent(text)}`);
      expect(await found.count()).toBe(1);
    });
  }
  await page.getByRole('link', { name: 'Echo echo' }).click();
  await page.getByRole('heading', { level: 1, name: 'Echo' }).waitFor();
  expect(visit.address).toBe(`/commands/${id}`);
});

it('begins each page of a list at its top, and moves nothing when the page is read again', async () => {
  const owner = await stage().installation.as(USERS.owner);
  for (let i = 0; i < MORE_THAN_A_PAGE; i += 1) await owner.createToken();
  const visit = await stage().visit('/registration-tokens');
  const { page } = visit;
  await visit.says('live');
  const said = page.locator('nav.pages [role=status]');
  const next = page.getByRole('button', { name: 'Next page' });
  const content = page.locator('mat-sidenav-content');
  const scrolledPx = (): Promise<number> => content.evaluate(({ scrollTop }) => scrollTop);

  await next.focus();
  await expectPoll(() => scrolledPx()).toBeGreaterThan(0);
  await page.keyboard.press('Enter');
  await page.getByText(/^Page 2 of 3/).waitFor();
  const [head, frame] = [await page.locator('thead').boundingBox(), await content.boundingBox()];
  expect(head?.y).toBeGreaterThanOrEqual(frame?.y ?? NaN);
  await expectFocusOn(page.getByRole('group', { name: 'Registration tokens' }));

  await next.focus();
  const [before, all] = [await scrolledPx(), await said.innerText()];
  await visit.says('live');
  await owner.createToken();
  await eventually(async () => {
    expect(await said.innerText()).not.toBe(all);
  });
  await expectPoll(() => scrolledPx()).toBe(before);
  await expectFocusOn(next);
});
