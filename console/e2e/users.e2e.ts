import type { Page } from 'playwright-core';
import type { User } from '#contracts';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

const TEST_MS = 120_000;
const LAST_OWNER = 'At least one active owner must remain. Make another user an owner first.';

const stage = useStage();

const userOf = async (username: string): Promise<User | undefined> => {
  const owner = await stage().installation.as(USERS.owner);
  const { data } = await owner.get(`/api/admin/users?q=${username}`).expectPage<User>();
  return data.find((user) => user.username === username);
};

const act = async (page: Page, username: string, name: string): Promise<void> => {
  await page.getByRole('button', { name: `Acts on ${username}` }).click();
  await page.getByRole('menuitem', { name }).click();
};

it(
  'creates a user, who can then sign in',
  async () => {
    const visit = await stage().visit('/users');
    const { page } = visit;
    await page.getByRole('button', { name: 'Create a user' }).click();
    const dialog = page.getByRole('dialog', { name: 'New user' });
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('This is needed.').first().waitFor();
    await dialog.getByLabel('User name').fill('nora');
    await dialog.getByLabel('Display name').fill('Nora N.');
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Operator' }).click();
    await dialog.getByText('May run actions and manage agents and tokens.').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill('short');
    await dialog.getByRole('button', { name: 'Create' }).click();
    expect(await userOf('nora')).toBeUndefined();
    await visit.screenshot('user-create');
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Generate' }).click();
    const password = await dialog.getByLabel('Password', { exact: true }).inputValue();
    expect(password.length).toBeGreaterThanOrEqual(12);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText('nora is created').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await expectPoll(() => page.getByRole('row', { name: /nora/ }).innerText()).toMatch(
      /Nora N\.[\s\S]*Operator[\s\S]*Active/i,
    );
    const nora = await stage().installation.as({ username: 'nora', password });
    expect(nora.session.user.role).toBe('operator');
  },
  TEST_MS,
);

it('says in words that a name is taken', async () => {
  await stage().installation.createUser('otto', 'viewer');
  const visit = await stage().visit('/users');
  const { page } = visit;
  visit.expectRefusal(409, '/api/admin/users');
  await page.getByRole('button', { name: 'Create a user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByLabel('User name').fill('otto');
  await dialog.getByLabel('Password', { exact: true }).fill('another-long-password');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('There is already a user with this name.').waitFor();
  await expectPoll(() => dialog.getByLabel('User name').getAttribute('aria-invalid')).toBe('true');
  await expectPoll(() => dialog.getByLabel('Password', { exact: true }).inputValue()).toBe('another-long-password');
  await visit.screenshot('user-taken');
  await expectNoAxeViolations(page);
});

it(
  'disables a user, who is out at once, and enables them again',
  async () => {
    const { installation } = stage();
    const user = await installation.createUser('pia', 'operator');
    const pia = await installation.as(user);
    const { page } = await stage().visit('/users?q=pia');
    const dialog = page.getByRole('dialog', { name: 'Disable pia?' });
    await act(page, 'pia', 'Disable');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await pia.get('/api/admin/agents').expectPage();

    await act(page, 'pia', 'Disable');
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('pia is disabled').waitFor();
    await page.locator('[data-status=DISABLED]').waitFor();
    await pia.get('/api/admin/agents').expectError(401, 'UNAUTHORIZED');
    expect((await userOf('pia'))?.status).toBe('DISABLED');

    await act(page, 'pia', 'Enable');
    await page.getByRole('dialog', { name: 'Enable pia?' }).getByRole('button', { name: 'Enable' }).click();
    await page.locator('[data-status=ACTIVE]').waitFor();
    expect((await userOf('pia'))?.status).toBe('ACTIVE');
  },
  TEST_MS,
);

it(
  'changes the role of a user, and resets the password',
  async () => {
    const { installation } = stage();
    const user = await installation.createUser('quin', 'viewer');
    const { page } = await stage().visit('/users?q=quin');
    await act(page, 'quin', 'Edit');
    const edit = page.getByRole('dialog', { name: 'Edit quin' });
    await edit.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Operator' }).click();
    await edit.getByText('With another role quin has to sign in again.').waitFor();
    await edit.getByRole('button', { name: 'Save' }).click();
    await edit.waitFor({ state: 'detached' });
    expect((await userOf('quin'))?.role).toBe('operator');

    await act(page, 'quin', 'Reset password');
    const reset = page.getByRole('dialog', { name: 'New password for quin' });
    await reset.getByLabel('Password', { exact: true }).fill('the-new-long-password');
    await expectNoAxeViolations(page);
    await reset.getByRole('button', { name: 'Reset password' }).click();
    await page.getByText('The password of quin is reset').waitFor();
    const { username, password } = user;
    await installation.api.post('/api/admin/auth/login', { username, password }).expectError(401, 'UNAUTHORIZED');
    await installation.as({ username, password: 'the-new-long-password' });
  },
  TEST_MS,
);

it('says in words that the last owner has to stay', async () => {
  const owner = await userOf(USERS.owner.username);
  const visit = await stage().visit('/users?role=owner');
  const { page } = visit;
  visit.expectRefusal(409, `/api/admin/users/${owner?.id ?? ''}`);
  await act(page, 'owner', 'Disable');
  await page.getByRole('dialog', { name: 'Disable owner?' }).getByRole('button', { name: 'Disable' }).click();
  await page.getByText(LAST_OWNER).first().waitFor();
  await visit.screenshot('user-last-owner');

  await act(page, 'owner', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit owner' });
  await edit.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Viewer' }).click();
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.getByRole('alert').getByText(LAST_OWNER).waitFor();
  await expectNoAxeViolations(page);
  expect(await userOf('owner')).toMatchObject({ role: 'owner', status: 'ACTIVE' });
});
