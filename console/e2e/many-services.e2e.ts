import { eventually } from '#testing';
import { callsIn, NEARLY_A_POLL_MS, pause } from './support/clock.js';
import { expectPoll } from './support/expect-poll.js';
import { NARROW, useStage } from './support/stage.js';
import { STREAM, type Visit } from './support/visit.js';

const SERVICES = 10_000;
const ROWS = 20;
const POLLS = 2;

const stage = useStage({ services: SERVICES });

/** All there are, in order: those filled in, and the demo's. */
const NAMES = ['Demo Inventory', ...Array.from({ length: SERVICES }, (_, i) => `Filled service ${i}`)].sort();
/** As they are filled in: every fifth is one of Python, every twentieth is of an agent that is offline. */
const PYTHON = NAMES.filter((name) => /[27]$/.test(name));
const OFFLINE = NAMES.filter((name) => Number(/\d+$/.exec(name)?.[0] ?? 1) % 20 === 0);

/** Waits until the list shows this page of just these. */
const expectPage = async ({ page }: Visit, number: number, names: readonly string[]): Promise<void> => {
  const pages = Math.ceil(names.length / ROWS);
  await eventually(async () => {
    const said = await page.locator('nav.pages [role=status]').innerText();
    expect(said).toBe(`Page ${number} of ${pages} · ${names.length.toLocaleString('en')} in all`);
    const rows = await page.locator('tbody tr td:first-child').allInnerTexts();
    // Behind the name stands the code.
    const shown = rows.map((row) => row.trim().replace(/\s+\S+$/, ''));
    expect(shown).toEqual(names.slice((number - 1) * ROWS, number * ROWS));
  });
};

it('has ten thousand services paged, sorted, filtered and searched by the server', async () => {
  const visit = await stage().visit('/services');
  const { page } = visit;
  await expectPage(visit, 1, NAMES);
  await page.getByRole('button', { name: 'Next page' }).click();
  await expectPage(visit, 2, NAMES);
  await visit.screenshot('many-services');

  await page.getByRole('button', { name: /^Service/ }).click();
  await expectPage(visit, 1, NAMES.toReversed());
  await page.getByRole('button', { name: /^Service/ }).click();

  await page.getByRole('combobox', { name: 'Runtime' }).press('Enter');
  await page.getByRole('option', { name: 'python' }).click();
  await page.keyboard.press('Escape');
  await expectPage(visit, 1, PYTHON);
  await page.getByLabel('Search services').fill('SERVICE 99');
  await expectPage(
    visit,
    1,
    PYTHON.filter((name) => name.includes('service 99')),
  );
  await visit.goTo('/services?status=OFFLINE&page=25');
  await expectPage(visit, 25, OFFLINE);
  await visit.goTo('/services?label=team:team-7');
  await expectPage(
    visit,
    1,
    NAMES.filter((name) => Number(/\d+$/.exec(name)?.[0]) % 40 === 7),
  );
});

it.each(['/services?page=400', '/'])(
  'stays usable with ten thousand services at %s, and asks once per refresh',
  async (path) => {
    const visit = await stage().visit('/login', { viewport: NARROW });
    await visit.page.clock.install();
    visit.expectNoAnswer(STREAM);
    await visit.context.route(`**${STREAM}`, (route) => route.abort());
    await visit.goTo(path);
    await visit.atRest();
    await expectPoll(() => visit.sidewaysPx()).toBe(0);
    await visit.screenshot(`many-services-390${path.replace(/\W+/g, '-')}`);
    await pause(visit);
    const calls: number[] = [];
    for (let i = 0; i < POLLS; i += 1) calls.push(await callsIn(visit, NEARLY_A_POLL_MS));
    expect(Math.max(...calls)).toBe(1);
  },
);
