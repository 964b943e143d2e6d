import type { AgentDetail } from '#contracts';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

const stage = useStage();

const statusOf = async (id: string): Promise<string> => {
  const owner = await stage().installation.as(USERS.owner);
  return (await owner.get(`/api/admin/agents/${id}`).expectOk<AgentDetail>()).status;
};

it('lists the agents, and leads to one with its services', async () => {
  const visit = await stage().visit('/agents');
  const row = visit.page.getByRole('row', { name: /Demo Agent/ });
  // Just heard of, it is "now".
  await expectPoll(() => row.innerText()).toMatch(/demo-agent[\s\S]*Online[\s\S]*(?:ago|now)[\s\S]*embedded/);
  await row.getByRole('link').click();
  await visit.page.getByRole('heading', { level: 1, name: 'Demo Agent' }).waitFor();
  const service = visit.page.getByRole('link', { name: /demo-service/ });
  await expectPoll(() => service.getAttribute('href')).toBe(
    `/services/${(await stage().installation.demoService()).id}`,
  );
});

it('searches, filters and sorts by the address, and goes back', async () => {
  await stage().installation.enrolAgent('zoo-1', 'Zoo 1');
  const visit = await stage().visit('/agents');
  const { page } = visit;
  await page.keyboard.press('/');
  await page.keyboard.type('zoo');
  await page.getByRole('link', { name: 'Demo Agent' }).waitFor({ state: 'detached' });
  expect(visit.address).toBe('/agents?q=zoo');
  await page.goBack();
  await page.getByRole('link', { name: 'Demo Agent' }).waitFor();
  await page.getByRole('button', { name: 'Agent', exact: true }).click();
  await eventually(async () => {
    expect(await page.getByRole('columnheader', { name: 'Agent' }).getAttribute('aria-sort')).toBe('ascending');
  });
  expect(visit.address).toBe('/agents?sort=name');
});

it('says that nothing matches, and takes the filters away', async () => {
  const visit = await stage().visit('/agents?q=nothing-is-called-so');
  await visit.page.getByText('Nothing matches the filters').waitFor();
  await visit.page.getByRole('button', { name: 'Clear filters' }).click();
  await visit.page.getByRole('link', { name: 'Demo Agent' }).waitFor();
});

it('moves from row to row by j and k and opens one by Enter', async () => {
  await stage().installation.enrolAgent('aaa-1', 'Aaa 1');
  const visit = await stage().visit('/agents?sort=name');
  const focused = (): Promise<string> => visit.page.locator(':focus').innerText();
  await visit.page.keyboard.press('j');
  await expectPoll(() => focused()).toContain('Aaa 1');
  await visit.page.keyboard.press('j');
  await expectPoll(() => focused()).toContain('Demo Agent');
  await visit.page.keyboard.press('k');
  await visit.page.keyboard.press('Enter');
  await visit.page.getByRole('heading', { level: 1, name: 'Aaa 1' }).waitFor();
});

it('disables and enables an agent, asking by name', async () => {
  const agent = await stage().installation.enrolAgent('till-1', 'Till 1');
  const { page } = await stage().visit('/agents?q=till-1');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Acts on Till 1' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('dialog', { name: 'Disable Till 1?' }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await statusOf(agent.id)).toBe('ONLINE');

  await page.getByRole('button', { name: 'Acts on Till 1' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await page.getByText('Till 1 is disabled').waitFor();
  await page.locator('[data-status=DISABLED]').waitFor();
  expect(await statusOf(agent.id)).toBe('DISABLED');

  await page.getByRole('button', { name: 'Acts on Till 1' }).click();
  await page.getByRole('menuitem', { name: 'Enable' }).click();
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await page.locator('[data-status=OFFLINE]').waitFor();
  expect(await statusOf(agent.id)).toBe('OFFLINE');
});

it('revokes an agent only when its code is typed', async () => {
  const agent = await stage().installation.enrolAgent('till-2', 'Till 2');
  const visit = await stage().visit(`/agents/${agent.id}`);
  const { page } = visit;
  await page.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke Till 2?' });
  const act = dialog.getByRole('button', { name: 'Revoke' });
  await expectPoll(() => act.isDisabled()).toBe(true);
  await visit.screenshot('agent-revoke');
  await expectNoAxeViolations(page);
  await dialog.getByRole('textbox').fill('till-1');
  await expectPoll(() => act.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('till-2');
  await act.click();
  await page.locator('[data-status=REVOKED]').waitFor();
  await expectPoll(() => page.getByRole('button', { name: 'Disable' }).count()).toBe(0);
  await agent.heartbeat().expectError(403, 'AGENT_REVOKED');
});

it('says why an act failed', async () => {
  const agent = await stage().installation.enrolAgent('till-3', 'Till 3');
  const visit = await stage().visit(`/agents/${agent.id}`);
  const path = `/api/admin/agents/${agent.id}/disable`;
  visit.expectRefusal(409, path);
  await visit.page.route(`**${path}`, (route) =>
    route.fulfill({
      status: 409,
      headers: { 'x-request-id': 'req-of-test' },
      json: { success: false, error: { code: 'AGENT_NOT_READY', message: 'Not now.' } },
    }),
  );
  await visit.page.getByRole('button', { name: 'Disable' }).click();
  await visit.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await visit.page.getByText('Not now. (req-of-test)').waitFor();
});

it('shows a viewer everything and lets them change nothing', async () => {
  const demo = await stage().installation.demoAgent();
  const { page } = await stage().visit('/agents', { as: USERS.viewer });
  await page.getByRole('link', { name: 'Demo Agent' }).waitFor();
  await expectPoll(() => page.getByRole('button', { name: /^Acts on/ }).count()).toBe(0);
  await expectPoll(() => page.getByRole('link', { name: 'Enrol an agent' }).count()).toBe(0);
  await expectPoll(() => page.getByRole('link', { name: 'Users' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Demo Agent' }).click();
  await page.getByRole('heading', { level: 1, name: 'Demo Agent' }).waitFor();
  for (const act of ['Disable', 'Enable', 'Revoke'])
    await expectPoll(() => page.getByRole('button', { name: act }).count()).toBe(0);
  const viewer = await stage().installation.as(USERS.viewer);
  await viewer.post(`/api/admin/agents/${demo.id}/disable`).expectError(403, 'FORBIDDEN');
});

it('keeps a viewer who knows the address out of the pages of the owner', async () => {
  const visit = await stage().visit('/users', { as: USERS.viewer });
  await eventually(() => {
    expect(visit.address).toBe('/');
  });
});

it('says that there is no such agent, with the id to ask for it by', async () => {
  const id = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const demo = await stage().installation.demoAgent();
  const visit = await stage().visit(`/agents/${demo.id}`);
  visit.expectRefusal(404, `/api/admin/agents/${id}`);
  await visit.goTo(`/agents/${id}`);
  await visit.page.getByRole('alert').waitFor();
  await expectPoll(() => visit.page.getByRole('alert').innerText()).toMatch(/Request id \S+/);
  await visit.screenshot('agent-failed');
});
