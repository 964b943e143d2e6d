import { readFileSync } from 'node:fs';
import type { Download, Page } from 'playwright-core';
import type { AuditEvent } from '#contracts';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

/** The content of a JSON export. */
interface AuditExport {
  readonly data: readonly AuditEvent[];
  readonly summary: { readonly count: number };
}

const TEST_MS = 120_000;

const stage = useStage();

/** The events these filters choose, as the server has them. */
const eventsOf = async (filters: string): Promise<readonly AuditEvent[]> => {
  const owner = await stage().installation.as(USERS.owner);
  return (await owner.get(`/api/admin/audit-events?pageSize=100&${filters}`).expectPage<AuditEvent>()).data;
};

const sentences = (page: Page): Promise<readonly string[]> =>
  page.getByRole('table', { name: 'Audit' }).locator('button.sentence').allInnerTexts();

const textOf = async (download: Download): Promise<string> => readFileSync(await download.path(), 'utf8');

const download = async (page: Page, name: string): Promise<Download> => {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name, exact: true }).click(),
  ]);
  return file;
};

it(
  'filters by action, in sentences, and the filter stands in the address',
  async () => {
    await stage().installation.createUser('ann', 'viewer');
    const visit = await stage().visit('/audit');
    const { page } = visit;
    await page.getByRole('combobox', { name: 'Action' }).fill('user cre');
    await page.getByRole('option', { name: 'User created user.created' }).click();
    await eventually(async () => {
      const shown = await sentences(page);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((sentence) => !/^owner created user \S+ with the role /.test(sentence))).toEqual([]);
    });
    expect(visit.address).toBe('/audit?action=user.created');
    await page.getByText('owner created user ann with the role').waitFor();
    await page.reload();
    await page.getByText('owner created user ann with the role').waitFor();
    await page.getByText('Action: User created').waitFor();
    await page.getByRole('combobox', { name: 'Result' }).press('Enter');
    await page.getByRole('option', { name: 'Failure' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('Nothing matches the filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await eventually(() => {
      expect(visit.address).toBe('/audit');
    });
  },
  TEST_MS,
);

it(
  'opens an event, and leads on to all by its actor and all on its target',
  async () => {
    const user = await stage().installation.createUser('ben', 'viewer');
    const ben = await stage().installation.as(user);
    await ben.post('/api/admin/auth/logout').expectOk();
    const visit = await stage().visit('/audit?action=user.created');
    const { page } = visit;
    await page.getByRole('button', { name: /created user ben/ }).click();
    await page.getByText('New events wait while one is open.').waitFor();
    await page.getByText('Raw JSON').click();
    await page.getByText(`"targetId": "${user.id}"`).waitFor();
    await visit.screenshot('audit-open');
    await expectNoAxeViolations(page);
    await page.getByRole('link', { name: 'All on this target' }).click();
    await page.getByText('On: ben').waitFor();
    expect(visit.address).toBe(`/audit?targetId=${user.id}`);
    await eventually(async () => {
      expect(await sentences(page)).toHaveLength((await eventsOf(`targetId=${user.id}`)).length);
    });
    await visit.screenshot('audit-target');
    await expectNoAxeViolations(page);

    await page.getByRole('button', { name: 'ben signed out' }).click();
    await page.getByRole('link', { name: 'All by this actor' }).click();
    await page.getByText('By: ben').waitFor();
    expect(visit.address).toBe(`/audit?actorId=${user.id}`);
    await eventually(async () => {
      const shown = await sentences(page);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((sentence) => !sentence.includes('ben'))).toEqual([]);
    });
    await page.getByRole('button', { name: 'Do not filter by ben' }).click();
    await page.getByText('By: ben').waitFor({ state: 'detached' });
    expect(visit.address).toBe('/audit');
  },
  TEST_MS,
);

it(
  'exports what is filtered and nothing else, as CSV, as JSON and as JSON Lines',
  async () => {
    await stage().installation.createUser('cem', 'viewer');
    const filters = 'action=user.created';
    const expected = (await eventsOf(filters)).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    const { page } = await stage().visit(`/audit?${filters}`);

    const json = await download(page, 'As JSON');
    expect(json.suggestedFilename()).toMatch(/\.json$/);
    const { data: events, summary } = JSON.parse(await textOf(json)) as AuditExport;
    expect(summary.count).toBe(expected.length);
    expect(events.map(({ id }) => id)).toEqual(expected);
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['user.created']));

    const csv = await download(page, 'As CSV');
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
    const [head, ...rows] = (await textOf(csv)).trim().split('\r\n');
    expect(head).toMatch(/^id,createdAt,actorType,/);
    expect(rows.map((row) => row.split(',')[0])).toEqual(expected);

    const lines = await download(page, 'As JSON Lines, with proof');
    expect(lines.suggestedFilename()).toMatch(/\.jsonl$/);
    const written = (await textOf(lines)).trim().split('\n');
    const parsed = written.map((line) => JSON.parse(line) as { kind: string; event?: AuditEvent });
    const ids = parsed.flatMap(({ event }) => event?.id ?? []);
    // In the order they were sealed in.
    expect(ids).toEqual([...expected].reverse());

    await page.goto('/audit?action=audit.exported');
    await page.getByText('owner exported the audit as JSON', { exact: true }).waitFor();
    await page.getByText('owner exported the audit as CSV', { exact: true }).waitFor();
  },
  TEST_MS,
);
