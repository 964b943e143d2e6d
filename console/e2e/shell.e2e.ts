import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { NARROW, useStage } from './support/stage.js';

const stage = useStage();

it('hides the menu on a narrow screen until it is asked for', async () => {
  const visit = await stage().visit('/agents', { viewport: NARROW });
  const { page } = visit;
  const agents = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Agents' });
  await expectPoll(() => agents.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Menu' }).click();
  await agents.waitFor();
  await expectPoll(() => agents.getAttribute('aria-current')).toBe('page');
  await visit.screenshot('menu-390');
  await expectNoAxeViolations(page);
  await page.getByRole('link', { name: 'Overview' }).click();
  await agents.waitFor({ state: 'hidden' });
  expect(visit.address).toBe('/');
});

it('moves the focus to the page that is gone to', async () => {
  const { page } = await stage().visit('/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Agents' }).click();
  await eventually(async () => {
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
  });
});

it('lets the keyboard skip the menu', async () => {
  const { page } = await stage().visit('/agents');
  await page.keyboard.press('Tab');
  await expectPoll(() => page.locator(':focus').innerText()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expectPoll(() => page.locator(':focus').getAttribute('id')).toBe('main');
});

it('gives each page a title of its own', async () => {
  const { page } = await stage().visit('/agents');
  const title = async (expected: string): Promise<void> => {
    await eventually(async () => {
      expect(await page.title()).toBe(expected);
    });
  };
  await title('Agents · Opstage CE');
  await page.getByRole('link', { name: 'Overview' }).click();
  await title('Overview · Opstage CE');
});
