import type { Page } from 'playwright-core';
import { eventually } from '#testing';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { PAGES, type PageUnderTest } from './support/pages.js';
import { useStage } from './support/stage.js';
import type { Visit } from './support/visit.js';

const TEST_MS = 120_000;
/** Begins of what changes something is called, or takes it away as a file. */
const ACTS =
  /^(acts on|add|cancel|change|create|delete|disable|download|edit|enable|enrol|export|make|reset|retry|revoke|run|save|start)\b/i;

/** Pages a viewer is led away from. */
const CLOSED = ['run-action', 'users', 'settings-diagnostics', 'settings-backup', 'settings-safety'];
/** Everybody may sign in, and change their own password. */
const OWN = ['login', 'settings-account'];
/** Where there is something to do for an owner: so that this test is known to find it. */
const WITH_ACTS = [
  'agents',
  'agent',
  'service-actions',
  'command',
  'commands',
  'audit',
  'registration-tokens',
  'settings-maintenance',
];

const stage = useStage();
let viewer: Visit;
let owner: Visit;

/** What the page offers to do, by its name. */
const actsOn = async (page: Page): Promise<readonly string[]> => {
  const offers = page.locator('main').locator('button, a, [role=menuitem], input[type=submit]');
  const names = await offers.evaluateAll((elements) =>
    elements.map((element) => (element.getAttribute('aria-label') ?? element.textContent).trim()),
  );
  return names.filter((name) => ACTS.test(name));
};

const pathOf = async ({ path }: PageUnderTest): Promise<string> => path(stage().installation);

const OPEN = PAGES.filter(({ name }) => ![...CLOSED, ...OWN].includes(name));

beforeAll(async () => {
  // One that could be cancelled, and a token that could be revoked.
  await stage().installation.startAction('slowTask', { seconds: 60 });
  await (await stage().installation.as(USERS.owner)).createToken({ name: 'Open' });
  viewer = await stage().window({ as: USERS.viewer });
  owner = await stage().window();
});

it.each(OPEN)(
  'shows $name to a viewer, and lets them change nothing',
  async (page) => {
    await viewer.goTo(await pathOf(page));
    await viewer.page.locator('main h1').waitFor();
    await viewer.atRest();
    await expectPoll(() => actsOn(viewer.page)).toEqual([]);
    const changing = viewer.apiRequests.filter((request) => request.method() !== 'GET');
    expect(changing.map((request) => request.url())).toEqual([]);
  },
  TEST_MS,
);

it.each(PAGES.filter(({ name }) => WITH_ACTS.includes(name)))(
  'has something to do on $name for an owner',
  async (page) => {
    await owner.goTo(await pathOf(page));
    await eventually(async () => {
      expect(await actsOn(owner.page)).not.toEqual([]);
    });
  },
  TEST_MS,
);

it.each(PAGES.filter(({ name }) => CLOSED.includes(name)))('leads a viewer away from $name', async (page) => {
  await viewer.goTo(await pathOf(page));
  await eventually(() => {
    expect(viewer.address).toBe('/');
  });
});

it('offers a viewer no action in the palette', async () => {
  const { page } = await stage().visit('/', { as: USERS.viewer });
  await page.keyboard.press('Control+k');
  // By its name: the page below has comboboxes too.
  await page.getByRole('combobox', { name: /^Search,/ }).waitFor();
  await page.keyboard.type('demo');
  await page
    .getByRole('option', { name: /Demo Inventory/ })
    .first()
    .waitFor();
  const service = await stage().installation.demoService();
  await page
    .getByRole('option', { name: /Demo Inventory/ })
    .first()
    .click();
  await page.waitForURL(`**/services/${service.id}`);
});
