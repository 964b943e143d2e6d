import { eventually } from '#testing';
import { expectPoll } from './support/expect-poll.js';
import { useStage } from './support/stage.js';

const stage = useStage();

it('switches the language at once, and remembers it', async () => {
  const { page } = await stage().visit('/agents');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '代理' }).waitFor();
  await expectPoll(() => page.locator('html').getAttribute('lang')).toBe('zh');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '代理' }).waitFor();
  await expectPoll(() => page.locator('html').getAttribute('lang')).toBe('zh');
  await page.getByRole('button', { name: '语言' }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
});

it('has a name for every maintenance job of the server', async () => {
  const { page } = await stage().visit('/settings/maintenance', { language: 'zh' });
  const names = page.locator('ops-maintenance-jobs tbody th');
  await names.first().waitFor();
  // One it has none for would be named by the server, in English.
  expect((await names.allInnerTexts()).filter((name) => !/\p{Script=Han}/u.test(name))).toEqual([]);
});

it('begins in the language of the browser', async () => {
  const { page } = await stage().visit('/login', { as: null, language: 'zh' });
  await page.getByRole('button', { name: '登录' }).waitFor();
  await expectPoll(() => page.locator('html').getAttribute('lang')).toBe('zh');
});

it('switches the theme at once, and remembers it', async () => {
  const visit = await stage().visit('/agents', { theme: 'light' });
  const { page } = visit;
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  /** The colour blends into the next one, and a page that is loaded again begins without any. */
  const becomes = (holds: (colour: string) => void): Promise<void> =>
    eventually(async () => {
      holds(await background());
    });
  await visit.still();
  const light = await background();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await becomes((colour) => {
    expect(colour).not.toBe(light);
  });
  await visit.still();
  const dark = await background();
  await page.reload();
  await becomes((colour) => {
    expect(colour).toBe(dark);
  });
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitem', { name: 'As the system' }).click();
  await becomes((colour) => {
    expect(colour).toBe(light);
  });
  await page.emulateMedia({ colorScheme: 'dark' });
  await becomes((colour) => {
    expect(colour).toBe(dark);
  });
});
