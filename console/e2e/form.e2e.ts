import type { AgentCommand, JsonObject } from '#contracts';
import { anAction, aReportedService, eventually, type TestAgent } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage, WIDE } from './support/stage.js';

const TEST_MS = 120_000;

/** One field of every kind a form can draw. */
const SCHEMA: JsonObject = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', title: 'Name', minLength: 2, default: 'Shelf' },
    notes: { type: 'string', title: 'Notes', format: 'textarea' },
    secret: { type: 'string', title: 'Secret', format: 'password' },
    opensAt: { type: 'string', title: 'Opens at', format: 'date-time' },
    count: { type: 'integer', title: 'Count', minimum: 1, maximum: 9 },
    share: { type: 'number', title: 'Share' },
    isOpen: { type: 'boolean', title: 'Is open' },
    zone: { type: 'string', title: 'Zone', enum: ['n', 's'], enumLabels: { n: 'North', s: 'South' } },
    tags: { type: 'array', title: 'Tags', maxItems: 2, items: { type: 'string', title: 'Tag' } },
    size: {
      type: 'object',
      title: 'Size',
      properties: { width: { type: 'number', title: 'Width' }, height: { type: 'number', title: 'Height' } },
    },
  },
};

const stage = useStage();

/** The next command of the agent, as soon as there is one. */
const next = async (agent: TestAgent): Promise<AgentCommand> => {
  let command: AgentCommand | undefined;
  await eventually(async () => {
    [command] = await agent.poll(1);
    expect(command).toBeDefined();
  });
  if (!command) throw new Error('There is no command.');
  return command;
};

it(
  'draws a field of every kind from the schema, and sends what was filled in',
  async () => {
    const { installation } = stage();
    const agent = await installation.enrolAgent('former', 'Former');
    const action = anAction({ name: 'build', label: 'Build', inputSchema: SCHEMA });
    const { id } = await agent.reportService(aReportedService({ code: 'forms', name: 'Forms', actions: [action] }));
    const prepared = async (): Promise<void> => {
      const { id: prepareId } = await next(agent);
      await agent.complete(prepareId, { success: true, data: { initialPayload: { count: 3 } } }).expectOk();
    };
    const [visit] = await Promise.all([
      stage().visit(`/services/${id}/actions/build`, { as: USERS.operator }),
      prepared(),
    ]);
    const { page } = visit;
    const run = page.locator('form').getByRole('button', { name: 'Run', exact: true });
    await run.waitFor();

    await expectPoll(() => page.getByRole('spinbutton', { name: 'Count' }).inputValue()).toBe('3');
    await page.getByRole('textbox', { name: 'Name' }).fill('Tall shelf');
    await page.getByRole('textbox', { name: 'Notes' }).fill('First line\nsecond line');
    await page.getByLabel('Secret').fill('canary-in-a-form');
    await page.getByLabel('Opens at').fill('2027-01-02T03:04:05');
    await page.getByRole('spinbutton', { name: 'Share' }).fill('0.25');
    await page.getByRole('checkbox', { name: 'Is open' }).check();
    await page.getByRole('combobox', { name: 'Zone' }).click();
    await page.getByRole('option', { name: 'South' }).click();
    const tags = page.getByRole('group', { name: 'Tags' });
    const add = tags.getByRole('button', { name: 'Add' });
    for (const [i, tag] of ['tall', 'red'].entries()) {
      await add.click();
      await tags.getByRole('textbox').nth(i).fill(tag);
    }
    await expectPoll(() => add.isDisabled()).toBe(true);
    const size = page.getByRole('group', { name: 'Size' });
    await size.getByRole('spinbutton', { name: 'Width' }).fill('80');
    await size.getByRole('spinbutton', { name: 'Height' }).fill('200');
    for (const viewport of [WIDE, NARROW]) {
      await visit.lookAs({ theme: 'light', viewport });
      await visit.screenshot(`run-every-kind-${String(viewport.width)}`);
      await expectPoll(() => visit.sidewaysPx()).toBe(0);
      await expectNoAxeViolations(page);
    }

    await run.click();
    const { id: commandId, payload } = await next(agent);
    expect(payload).toEqual({
      name: 'Tall shelf',
      notes: 'First line\nsecond line',
      secret: 'canary-in-a-form',
      opensAt: await page.evaluate(() => new Date('2027-01-02T03:04:05').toISOString()),
      count: 3,
      share: 0.25,
      isOpen: true,
      zone: 's',
      tags: ['tall', 'red'],
      size: { width: 80, height: 200 },
    });
    await agent.complete(commandId, { success: true, message: 'Built.' }).expectOk();
    await page.getByText('Built.').waitFor();
    await expectPoll(() => page.locator('main').innerText()).not.toContain('canary-in-a-form');
  },
  TEST_MS,
);

it(
  'does not run with a number or a date that is half typed, which browsers report as empty',
  async () => {
    const { installation } = stage();
    const agent = await installation.enrolAgent('half', 'Half');
    const inputSchema = { ...SCHEMA, required: [] };
    const action = anAction({ name: 'build', label: 'Build', inputSchema });
    const { id } = await agent.reportService(aReportedService({ code: 'half', name: 'Half', actions: [action] }));
    const prepared = async (): Promise<void> => {
      const { id: prepareId } = await next(agent);
      await agent.complete(prepareId, { success: true, data: { initialPayload: {} } }).expectOk();
    };
    const [{ page }] = await Promise.all([
      stage().visit(`/services/${id}/actions/build`, { as: USERS.operator }),
      prepared(),
    ]);
    const run = page.locator('form').getByRole('button', { name: 'Run', exact: true });
    await run.waitFor();
    const count = page.getByRole('spinbutton', { name: 'Count' });
    await count.pressSequentially('1e');
    await page.getByLabel('Opens at').pressSequentially('01');
    await run.click();
    await page.getByText('The date or time is incomplete.').waitFor();
    await expectPoll(() => count.getAttribute('aria-invalid')).toBe('true');
    expect(await agent.poll(1)).toEqual([]);

    await count.fill('');
    await page.getByLabel('Opens at').fill('');
    await run.click();
    const { payload } = await next(agent);
    expect(payload).toEqual({ name: 'Shelf' });
  },
  TEST_MS,
);
