import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { useStage } from './support/stage.js';

const BUDGET_BYTES = 250_000;

const stage = useStage();

it('takes at most 250 kB of script and style, as gzip, for the first screen after sign-in', async () => {
  const { page } = await stage().visit('/');
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  await page.reload();
  await page.waitForLoadState('networkidle');
  const files = responses.filter((response) => ['script', 'stylesheet'].includes(response.request().resourceType()));
  expect(files.length).toBeGreaterThan(1);
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await file.body()).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET_BYTES);
  const plain = files.filter(
    (file) => !file.headers()['content-encoding'] && Number(file.headers()['content-length']) > 2_000,
  );
  expect(plain.map((file) => file.url())).toEqual([]);
});
