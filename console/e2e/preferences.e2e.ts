import { eventually } from './support/eventually.js';
import { useStage } from './support/stage.js';

const stage = useStage();

it('switches the language at once, and remembers it', async () => {
  const { page } = await stage().visit('/agents');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '代理' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '代理' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh');
  await page.getByRole('button', { name: '语言' }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
});

it('begins in the language of the browser', async () => {
  const { page } = await stage().visit('/login', { as: null, language: 'zh' });
  await page.getByRole('button', { name: '登录' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh');
});

it('switches the theme at once, and remembers it', async () => {
  const { page } = await stage().visit('/agents', { theme: 'light' });
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await background()).toBe(dark);
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitem', { name: 'As the system' }).click();
  await eventually(async () => {
    expect(await background()).toBe(light);
  });
  await page.emulateMedia({ colorScheme: 'dark' });
  await eventually(async () => {
    expect(await background()).toBe(dark);
  });
});
