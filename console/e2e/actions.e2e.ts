import type { Locator, Page } from 'playwright-core';
import type { Command, CommandId, CommandStatus } from '#contracts';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';
import type { Visit } from './support/visit.js';

/** Several commands, each through the agent and back. */
const TEST_MS = 120_000;

const stage = useStage();

/** The page that runs this action, prepared. */
const open = async (action: string): Promise<Visit> => {
  const { id } = await stage().installation.demoService();
  const visit = await stage().visit(`/services/${id}/actions/${action}`, { as: USERS.operator });
  await runButton(visit.page).waitFor();
  return visit;
};

const runButton = (page: Page): Locator => page.locator('form').getByRole('button', { name: 'Run', exact: true });

/** Waits until the command on the page is like this, as the page and as the server say. */
const ended = async (visit: Visit, action: string, status: CommandStatus): Promise<Command> => {
  await visit.page.locator('dd').getByText(action, { exact: true }).first().waitFor();
  await visit.page.locator(`.outcome [data-status=${status}]`).waitFor();
  const command = await stage().installation.command(visit.address.split('/').at(-1) as CommandId);
  expect(command).toMatchObject({ actionName: action, status });
  return command;
};

const runRequests = ({ apiRequests }: Visit): readonly string[] =>
  apiRequests.filter((request) => request.method() === 'POST').map((request) => request.url());

/** The value of a field of a shown item. */
const field = (page: Page, name: string): Promise<string> =>
  page.locator(`dl > div:has(> dt:text-is("${name}")) > dd`).innerText();

it(
  'asks the service what the form starts with, runs it, and shows what came of it',
  async () => {
    const visit = await open('echo');
    const { page } = visit;
    await page.getByText('Runs “Echo” on Demo Inventory').waitFor();
    const text = page.getByRole('textbox', { name: 'Text' });
    await expectPoll(() => text.inputValue()).toBe('Hello from the demo');
    await text.fill('abc');
    await page.getByRole('spinbutton', { name: 'Repeat' }).fill('2');
    await page.getByRole('combobox', { name: 'Style' }).click();
    await page.getByRole('option', { name: 'In capitals' }).click();
    await visit.screenshot('run-echo');
    await runButton(page).click();

    const command = await ended(visit, 'echo', 'SUCCEEDED');
    expect(command.payload).toEqual({ text: 'abc', repeat: 2, style: 'upper' });
    await page.getByText('Echoed.').waitFor();
    await expectPoll(() => page.getByRole('group', { name: 'Data of the result' }).innerText()).toContain(
      '"ABC\\nABC"',
    );
    await visit.screenshot('command-echo');
    await page.getByRole('link', { name: 'Run again…' }).click();
    await runButton(page).waitFor();
    await expectPoll(() => text.inputValue()).toBe('abc');
  },
  TEST_MS,
);

it('sends nothing as long as a field is not as it has to be', async () => {
  const visit = await open('echo');
  const { page } = visit;
  await page.getByRole('textbox', { name: 'Text' }).fill('');
  await page.getByRole('spinbutton', { name: 'Repeat' }).fill('99');
  await runButton(page).click();
  await page.getByText('This is needed.').waitFor();
  await page.getByText('At most 10.').waitFor();
  // The first of them.
  await eventually(async () => {
    expect(await page.locator(':focus').inputValue()).toBe('');
  });
  expect(runRequests(visit)).toEqual([]);
  await visit.screenshot('run-invalid');
  await expectNoAxeViolations(page);
});

it(
  'takes JSON too, and says which part of it the server refuses',
  async () => {
    const visit = await open('echo');
    const { page } = visit;
    const service = await stage().installation.demoService();
    visit.expectRefusal(422, `/api/admin/capsule-services/${service.id}/actions/echo`);
    await page.getByRole('radio', { name: 'JSON' }).click();
    const json = page.getByRole('textbox', { name: 'Payload as JSON' });
    expect(JSON.parse(await json.inputValue())).toEqual({ text: 'Hello from the demo', repeat: 1, style: 'plain' });

    await json.fill('{ "text": ');
    await runButton(page).click();
    await page.getByText('This is not JSON:').waitFor();
    expect(runRequests(visit)).toEqual([]);

    await json.fill('{ "text": "abc", "repeat": 99 }');
    await runButton(page).click();
    const issue = page.getByRole('alert').getByRole('listitem');
    await issue.waitFor();
    await expectPoll(() => issue.innerText()).toContain('repeat');
    await visit.screenshot('run-refused-json');
    await expectNoAxeViolations(page);

    await page.getByRole('radio', { name: 'Form' }).click();
    await expectPoll(() => page.getByRole('spinbutton', { name: 'Repeat' }).inputValue()).toBe('99');
    await page.getByRole('spinbutton', { name: 'Repeat' }).fill('1');
    await runButton(page).click();
    expect((await ended(visit, 'echo', 'SUCCEEDED')).payload).toMatchObject({ text: 'abc', repeat: 1 });
  },
  TEST_MS,
);

it('puts what the server refuses on the field it is about', async () => {
  const visit = await open('echo');
  const { page } = visit;
  const path = `/api/admin/capsule-services/${(await stage().installation.demoService()).id}/actions/echo`;
  visit.expectRefusal(422, path);
  const details = { issues: [{ path: 'text', message: 'This was said before.' }] };
  await page.route(`**${path}`, (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 422,
          json: { success: false, error: { code: 'ACTION_PAYLOAD_INVALID', message: 'Not so.', details } },
        })
      : route.continue(),
  );
  await runButton(page).click();
  await page.locator('mat-form-field', { hasText: 'Text' }).getByText('This was said before.').waitFor();
  const text = page.getByRole('textbox', { name: 'Text' });
  await expectPoll(() => text.getAttribute('aria-invalid')).toBe('true');
  await eventually(async () => {
    expect(await text.evaluate((input) => input === document.activeElement)).toBe(true);
  });
  await page.unroute(`**${path}`);
  await text.fill('something else');
  await runButton(page).click();
  await ended(visit, 'echo', 'SUCCEEDED');
});

it(
  'draws a list as a table, and a row of it leads to its details',
  async () => {
    const visit = await open('listItems');
    const { page } = visit;
    await runButton(page).click();
    await ended(visit, 'listItems', 'SUCCEEDED');
    const table = page.getByRole('table', { name: 'Inventory' });
    await expectPoll(() => table.getByRole('columnheader').allInnerTexts()).toEqual(
      expect.arrayContaining(['Id', 'Name', 'Stock', 'Quantity', 'Lead time', 'Actions']),
    );
    const row = table.getByRole('row', { name: /Bearing 6204/ });
    await expectPoll(() => row.innerText()).toMatch(/itm_2[\s\S]*Low[\s\S]*14 h[\s\S]*ago/i);
    await visit.screenshot('command-list');
    await expectNoAxeViolations(page);
    await row.getByRole('button', { name: 'Details' }).click();

    expect((await ended(visit, 'itemDetail', 'SUCCEEDED')).payload).toEqual({ id: 'itm_2' });
    await page.getByRole('heading', { name: 'Bearing 6204' }).waitFor();
    await expectPoll(() => field(page, 'Id')).toBe('itm_2');
    await expectPoll(() => field(page, 'Quantity')).toBe('3');
    await expectPoll(() => field(page, 'Reserved')).toBe('No');
    await expectPoll(() => field(page, 'Lead time')).toMatch(/^14 h/);
    await visit.screenshot('command-detail');
    await expectNoAxeViolations(page);
    await page.getByText('Back to the list').click();
    await page.waitForURL(/\/actions\/listItems/);
  },
  TEST_MS,
);

it(
  'asks before a row is removed, with what the service says of it',
  async () => {
    const visit = await open('listItems');
    const { page } = visit;
    await runButton(page).click();
    const row = page.getByRole('table', { name: 'Inventory' }).getByRole('row', { name: /Safety gloves/ });
    await row.getByRole('button', { name: 'More acts on this row' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await runButton(page).waitFor();
    await expectPoll(() => page.getByRole('textbox', { name: 'Item id' }).inputValue()).toBe('itm_5');
    const before = runRequests(visit).length;

    const dialog = page.getByRole('dialog', { name: 'Run “Remove item”?' });
    await runButton(page).click();
    await dialog.getByText('The item and its history will be gone.').waitFor();
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(runRequests(visit)).toHaveLength(before);
    await runButton(page).click();
    await dialog.getByRole('button', { name: 'Run' }).click();
    await ended(visit, 'removeItem', 'SUCCEEDED');
    await page.getByText('Removed Safety gloves.').waitFor();
  },
  TEST_MS,
);

it(
  'runs what is highly dangerous only when the code of the service is typed',
  async () => {
    const visit = await open('resetCounters');
    const { page } = visit;
    await page.getByText('This action needs no input.').waitFor();
    await runButton(page).click();
    const dialog = page.getByRole('dialog', { name: 'Run “Reset counters”?' });
    const act = dialog.getByRole('button', { name: 'Run' });
    await dialog.waitFor();
    await expectPoll(() => act.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('demo');
    await expectPoll(() => act.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').press('Enter');
    expect(runRequests(visit)).toEqual([]);
    await visit.screenshot('run-high');
    await expectNoAxeViolations(page);
    await dialog.getByRole('textbox').fill('demo-service');
    await act.click();
    await ended(visit, 'resetCounters', 'SUCCEEDED');
    await page.getByText('All counters are zero.').waitFor();

    const operator = await stage().installation.as(USERS.operator);
    const { id } = await stage().installation.demoService();
    const path = `/api/admin/capsule-services/${id}/actions/resetCounters`;
    await operator.post(path, { payload: {} }).expectError(409, 'ACTION_REQUIRES_CONFIRMATION');
  },
  TEST_MS,
);

it(
  'shows a one-time key once, and never what was typed to get it',
  async () => {
    const visit = await open('rotateKey');
    const { page } = visit;
    const passphrase = page.getByLabel('Current passphrase');
    await expectPoll(() => passphrase.getAttribute('type')).toBe('password');
    await passphrase.fill('canary-passphrase');
    await runButton(page).click();
    await page.getByRole('dialog', { name: 'Run “Rotate signing key”?' }).getByRole('button', { name: 'Run' }).click();
    await ended(visit, 'rotateKey', 'SUCCEEDED');

    const alert = page.getByRole('alert').filter({ hasText: 'A key that is shown only once' });
    await alert.getByText('It is gone for good as soon as you leave or reload this page.').waitFor();
    const key = await alert.locator('code').innerText();
    expect(key).toMatch(/^demo_\S{32}$/);
    await alert.getByRole('button', { name: 'Copy' }).click();
    await expectPoll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    await expectPoll(() => page.locator('main').innerText()).not.toContain('canary-passphrase');
    await visit.screenshot('command-key');
    await expectNoAxeViolations(page);

    await page.reload();
    await page.getByText('it cannot be shown again').waitFor();
    await expectPoll(() => alert.count()).toBe(0);
    await expectPoll(() => page.content()).not.toContain(key);
    await expectPoll(() => page.content()).not.toContain('canary-passphrase');
  },
  TEST_MS,
);

it('says how a command failed', async () => {
  const visit = await open('failingTask');
  const { page } = visit;
  await page.getByRole('textbox', { name: 'Reason' }).fill('The belt broke.');
  await runButton(page).click();
  expect((await ended(visit, 'failingTask', 'FAILED')).errorCode).toBe('DEMO_FAILURE');
  const outcome = await page.locator('.outcome').innerText();
  expect(outcome).toContain('DEMO_FAILURE');
  expect(outcome).toContain('The belt broke.');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  await visit.screenshot('command-failed');
  await expectNoAxeViolations(page);
});

it(
  'cancels a command that takes too long, once it is asked',
  async () => {
    const visit = await open('slowTask');
    const { page } = visit;
    await page.getByRole('spinbutton', { name: 'Seconds' }).fill('60');
    await runButton(page).click();
    await ended(visit, 'slowTask', 'RUNNING');
    await page.getByRole('progressbar', { name: 'The command is under way' }).waitFor();
    await visit.screenshot('command-running');
    await page.getByRole('button', { name: 'Cancel the command' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel “Slow task”?' });
    await dialog.getByText('The agent of Demo Inventory is told to stop.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the command' }).click();
    await ended(visit, 'slowTask', 'CANCELLED');
    await page.getByText('It was cancelled while it ran.').waitFor();
    await expectPoll(() => page.getByRole('button', { name: 'Cancel the command' }).count()).toBe(0);
  },
  TEST_MS,
);

it(
  'shows how far a command is and what it logs, while it runs',
  async () => {
    const visit = await open('rebuildIndex');
    const { page } = visit;
    await runButton(page).click();
    const bar = page.getByRole('progressbar', { name: 'The command is under way' });
    await eventually(async () => {
      expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    });
    await page.getByText(/^Shelf \d+ of 20$/).waitFor();
    const log = page.getByRole('region', { name: 'Log' });
    await log
      .getByText(/^Indexed /)
      .first()
      .waitFor();
    await visit.screenshot('command-progress');
    await expectNoAxeViolations(page);
    await ended(visit, 'rebuildIndex', 'SUCCEEDED');
    await bar.waitFor({ state: 'detached' });
    await expectPoll(() => log.innerText()).toContain('Indexed ');
  },
  TEST_MS,
);
