import { expectNoAxeViolations } from './support/axe.js';
import { eventually } from './support/eventually.js';
import { useStage } from './support/stage.js';

const stage = useStage();

it('leads from a label of the wall to the services with it, and back to all', async () => {
  const visit = await stage().visit('/');
  const { page } = visit;
  await page.getByRole('heading', { level: 3 }).getByRole('link', { name: 'demo', exact: true }).click();
  await eventually(() => {
    expect(visit.address).toBe('/services?label=env:demo');
  });
  await page.getByRole('link', { name: /^Demo Inventory/ }).waitFor();
  await visit.screenshot('services-label');
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Do not filter by env:demo' }).click();
  await eventually(() => {
    expect(visit.address).toBe('/services');
  });

  await visit.goTo('/services?label=env:other');
  await page.getByText('Nothing matches the filters').waitFor();
});

it('finds a command by what its action is called, and by its id', async () => {
  const { id } = await stage().installation.echoed();
  const visit = await stage().visit('/commands');
  const { page } = visit;
  const search = page.getByLabel('Search id, action, service, agent');
  const found = page.locator('tbody tr');
  await search.fill('nothing like this');
  await page.getByText('Nothing matches the filters').waitFor();
  for (const text of ['ECHO', 'inventory', id.slice(-10)]) {
    await search.fill(text);
    await eventually(async () => {
      expect(visit.address).toBe(`/commands?q=${encodeURIComponent(text)}`);
      expect(await found.count()).toBe(1);
    });
  }
  await page.getByRole('link', { name: 'Echo echo' }).click();
  await page.getByRole('heading', { level: 1, name: 'Echo' }).waitFor();
  expect(visit.address).toBe(`/commands/${id}`);
});
