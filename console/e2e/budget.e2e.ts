import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { useStage } from './support/stage.js';

const BUDGET_BYTES = 250_000;

const stage = useStage();

it('takes at most 250 kB of script and style, as gzip, for the first screen after sign-in', async () => {
  const visit = await stage().visit('/');
  const { page } = visit;
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  await page.reload();
  await visit.atRest();
  const files = responses
    .filter((response) => ['script', 'stylesheet'].includes(response.request().resourceType()))
    .map((response) => readFileSync(join('dist/console', new URL(response.url()).pathname)));
  expect(files.length).toBeGreaterThan(3);
  expect(files.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThanOrEqual(BUDGET_BYTES);
});

it('is sent compressed', async () => {
  const response = await fetch(stage().installation.url, { headers: { 'accept-encoding': 'gzip' } });
  const [, script] = /src="(main-[^"]+\.js)"/.exec(await response.text()) ?? [];
  const sent = await fetch(new URL(script ?? '', stage().installation.url), { headers: { 'accept-encoding': 'gzip' } });
  expect(sent.headers.get('content-encoding')).toBe('gzip');
  expect(sent.headers.get('cache-control')).toContain('immutable');
});
