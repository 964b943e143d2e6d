import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { useStage } from './support/stage.js';

const BUILT = 'dist/console';

/** Script and style of the first visit to a page, as gzip. A list has the table and its filters on top. */
const BUDGETS_BYTES = { '/': 250_000, '/services': 310_000, '/login': 220_000 } as const;

const stage = useStage();

const namesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(BUILT.length));

it.each(Object.entries(BUDGETS_BYTES))('loads %s with at most %d bytes of script and style', async (path, budget) => {
  const visit = await stage().visit(path, path === '/login' ? { as: null } : {});
  const responses: Response[] = [];
  visit.page.on('response', (response) => responses.push(response));
  await visit.page.reload();
  await visit.atRest();
  const files = responses
    .filter((response) => ['script', 'stylesheet'].includes(response.request().resourceType()))
    .map((response) => readFileSync(join(BUILT, new URL(response.url()).pathname)));
  expect(files.length).toBeGreaterThan(3);
  expect(files.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThanOrEqual(budget);
});

it('lets browsers keep every script and style, whose names change with their content', async () => {
  // Angular puts `-` and eight characters of any case, digits, `-` and `_` before the extension.
  const files = namesOf(BUILT).filter((name) => /\.(?:js|css)$/.test(name));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((name) => !/-[\w-]{8}\.(?:js|css)$/.test(name))).toEqual([]);
  const kept = await Promise.all(
    files.map(async (name) => {
      const response = await fetch(new URL(name, stage().installation.url), { method: 'HEAD' });
      return response.headers.get('cache-control')?.includes('immutable') ?? false;
    }),
  );
  expect(files.filter((_, index) => !kept[index])).toEqual([]);
});

it('has the page itself asked for every time, since it names the files', async () => {
  const response = await fetch(stage().installation.url);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

it('has every script and style compressed by the build', () => {
  const names = new Set(namesOf(BUILT));
  const large = [...names].filter((name) => /\.(?:js|css)$/.test(name) && statSync(join(BUILT, name)).size >= 1_024);
  expect(large.length).toBeGreaterThan(50);
  expect(large.filter((name) => !names.has(`${name}.br`) || !names.has(`${name}.gz`))).toEqual([]);
});

it.each(['br', 'gzip'])('is sent compressed with %s', async (encoding) => {
  const headers = { 'accept-encoding': encoding };
  const response = await fetch(stage().installation.url, { headers });
  const [, script] = /src="(main-[^"]+\.js)"/.exec(await response.text()) ?? [];
  const sent = await fetch(new URL(script ?? '', stage().installation.url), { headers });
  expect(sent.headers.get('content-encoding')).toBe(encoding);
});
