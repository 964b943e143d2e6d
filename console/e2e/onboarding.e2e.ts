import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RegisterAgentResponse } from '#contracts';
import { ApiClient, aReportedService, eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

const TEST_MS = 120_000;
const TOKENS = '/api/admin/registration-tokens';
const TOKEN = /^\S{30,}$/;

const stage = useStage();

it(
  'brings an agent in: from a token shown once, by what is pasted, to its first action',
  async () => {
    const { installation } = stage();
    const visit = await stage().visit('/agents', { as: USERS.operator });
    const { page } = visit;
    await page.getByRole('link', { name: 'Enrol an agent' }).click();
    const dialog = page.getByRole('dialog');
    await page.getByRole('dialog', { name: 'New registration token' }).waitFor();
    await expectNoAxeViolations(page);
    await dialog.getByLabel('Name').fill('For the kiosk');
    await dialog.getByLabel('Agent code').fill('kiosk-1');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();

    await page.getByRole('dialog', { name: 'Your registration token' }).waitFor();
    await dialog.getByText('It is shown this once and kept nowhere.').waitFor();
    const token = await dialog.getByLabel('The registration token').innerText();
    expect(token).toMatch(TOKEN);
    await dialog.getByRole('status').getByText('Waiting for the agent…').waitFor();
    await expectPoll(() => dialog.getByRole('link', { name: 'Open the agent' }).count()).toBe(0);
    for (const [tab, says] of [
      ['Node SDK', 'new CapsuleAgent({'],
      ['curl', `${installation.url}/api/agents/register`],
    ] as const) {
      await dialog.getByRole('tab', { name: tab }).click();
      const snippet = dialog.getByRole('region', { name: tab });
      await snippet.waitFor();
      await expectPoll(() => snippet.innerText()).toContain(says);
      await expectPoll(() => snippet.innerText()).toContain(token);
      await expectPoll(() => snippet.innerText()).toContain('kiosk-1');
    }
    await visit.screenshot('registration-created');
    await expectNoAxeViolations(page);

    // What the snippet for curl says, done as it says it.
    const snippet = await dialog.getByRole('region', { name: 'curl' }).innerText();
    const [, url = ''] = /curl -X POST (\S+)/.exec(snippet) ?? [];
    const [, body = ''] = /-d '(.+)'/.exec(snippet) ?? [];
    const pasted = JSON.parse(body) as { registrationToken: string; agent: { code: string } };
    const agent = await new ApiClient(new URL(url).origin)
      .post(new URL(url).pathname, { ...pasted, service: aReportedService({ code: 'kiosk', name: 'Kiosk' }) })
      .expectOk<RegisterAgentResponse>();

    const link = dialog.getByRole('link', { name: 'Open the agent' });
    await link.waitFor();
    await expectPoll(() => dialog.getByText('Waiting for the agent…').count()).toBe(0);
    await visit.screenshot('registration-registered');
    await expectNoAxeViolations(page);
    await link.click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => {
      expect(visit.address).toBe(`/agents/${agent.agentId}`);
    });
    await page.getByRole('link', { name: /kiosk/i }).first().waitFor();
    await expectPoll(() => page.content()).not.toContain(token);
  },
  TEST_MS,
);

/** Pastes the lines into a shell in an empty folder, for which npm's registry is out of reach. */
const paste = (lines: string, folder: string): ChildProcess => {
  const npm = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_audit: 'false', npm_config_fund: 'false' };
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
  const env = { PATH: path, HOME: folder, ...npm };
  return spawn('bash', ['-ec', lines], { cwd: folder, env, stdio: 'inherit', detached: true });
};

it.each([
  ['Node SDK', 'pasted-node'],
  ['Python', 'pasted-python'],
])(
  'connects the service of the snippet for %s, as it is pasted into an empty folder',
  async (tab, code) => {
    const visit = await stage().visit(`/registration-tokens?create=1&agentCode=${code}`, { as: USERS.operator });
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('To paste');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByRole('tab', { name: tab }).click();
    const lines = await dialog.getByRole('region', { name: tab }).innerText();
    expect(lines.trim().split('\n')).toHaveLength(3);

    const folder = mkdtempSync(join(tmpdir(), 'opstage-pasted-'));
    const shell = paste(lines, folder);
    const ended = once(shell, 'exit');
    try {
      await dialog.getByRole('link', { name: 'Open the agent' }).click({ timeout: 60_000 });
      await visit.page.getByRole('link', { name: code }).first().waitFor();
      await visit.page.getByText('Healthy').first().waitFor();
    } finally {
      if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    }
  },
  TEST_MS,
);

it('never shows the token again', async () => {
  const visit = await stage().visit('/registration-tokens?create=1');
  const { page } = visit;
  const dialog = page.getByRole('dialog', { name: 'Your registration token' });
  await page.getByLabel('Name').fill('Shown once');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const token = await dialog.getByLabel('The registration token').innerText();
  await dialog.getByRole('button', { name: 'Copy' }).first().click();
  await expectPoll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(token);

  await dialog.getByRole('button', { name: 'Close' }).click();
  const question = page.getByRole('dialog', { name: 'Have you copied the token?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Close' }).click();
  await question.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Shown once/ }).waitFor();
  await expectPoll(() => page.content()).not.toContain(token);
  await page.reload();
  await page.getByRole('row', { name: /Shown once/ }).waitFor();
  await expectPoll(() => page.content()).not.toContain(token);
});

it('asks before Back and Escape throw a token away too', async () => {
  const visit = await stage().visit('/agents');
  const { page } = visit;
  await page.getByRole('link', { name: 'Registration tokens' }).click();
  await page.getByRole('button', { name: 'Create a token' }).click();
  await page.getByLabel('Name').fill('Nearly thrown away');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your registration token' });
  const token = await dialog.getByLabel('The registration token').innerText();
  const question = page.getByRole('dialog', { name: 'Have you copied the token?' });
  const stay = async (): Promise<void> => {
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await expectPoll(() => dialog.getByLabel('The registration token').innerText()).toBe(token);
  };

  await page.keyboard.press('Escape');
  await stay();
  await page.goBack();
  await stay();
  await eventually(() => {
    expect(visit.address).toBe('/registration-tokens?create=1');
  });
  await page.goBack();
  await question.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await eventually(() => {
    expect(visit.address).toBe('/registration-tokens');
  });
});

it('says which field of a token is wrong, and creates none', async () => {
  const visit = await stage().visit('/registration-tokens?create=1');
  const { page } = visit;
  const create = page.getByRole('button', { name: 'Create', exact: true });
  await page.getByLabel('Name').fill('Never made');
  await page.getByLabel('Agent code').fill('Not A Code');
  await page.getByLabel('Allowed networks').fill('10.0.0.0/8\nnowhere');
  await create.click();
  await page.getByText('Small letters, digits, - and _; it begins with a letter or digit.').waitFor();
  const posts = visit.apiRequests.filter((request) => request.method() === 'POST');
  expect(posts).toEqual([]);

  // What a network is, only the server knows.
  visit.expectRefusal(422, TOKENS);
  await page.getByLabel('Agent code').fill('a-code');
  await create.click();
  await page.getByText('Each line must be an address or a network such as 10.0.0.0/8.').waitFor();
  const owner = await stage().installation.as(USERS.owner);
  expect((await owner.get(`${TOKENS}?q=Never`).expectPage()).data).toEqual([]);
  await visit.screenshot('registration-invalid');
  await expectNoAxeViolations(page);
});

it('revokes a token, which then lets nobody in, and deletes it', async () => {
  const owner = await stage().installation.as(USERS.owner);
  const { token } = await owner.createToken({ name: 'Lost' });
  const { page } = await stage().visit('/registration-tokens?q=Lost');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Revoke token Lost' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.locator('[data-status=REVOKED]').waitFor();
  await stage()
    .installation.api.post('/api/agents/register', { registrationToken: token, agent: { code: 'thief' } })
    .expectError(401, 'REGISTRATION_TOKEN_REVOKED');
  await page.getByRole('button', { name: 'Delete token Lost' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nothing matches the filters').waitFor();
});
