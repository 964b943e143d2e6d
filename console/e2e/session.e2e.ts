import type { User } from '#contracts';
import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { useStage } from './support/stage.js';

const LOGIN = '/api/admin/auth/login';
const REFRESH_MS = 5_000;
const stage = useStage();

/** Gives the user another password, which ends their sessions; returns it. */
const endSessionOf = async ({ id }: Pick<User, 'id'>): Promise<string> => {
  const owner = await stage().installation.as(USERS.owner);
  const newPassword = `a-phrase-of-${String(Date.now())}`;
  await owner.post(`/api/admin/users/${id}/reset-password`, { newPassword }).expectOk();
  return newPassword;
};

it('signs in', async () => {
  const visit = await stage().visit('/', { as: null });
  expect(visit.address).toBe('/login?returnTo=%2F');
  await visit.signIn(USERS.owner);
  await visit.page.getByRole('navigation', { name: 'Main' }).waitFor();
  expect(visit.address).toBe('/');
});

it('says that the password is wrong, and lets one try again', async () => {
  const visit = await stage().visit('/login', { as: null });
  visit.expectRefusal(401, LOGIN);
  await visit.signIn({ ...USERS.owner, password: 'not-this-one-at-all' });
  await visit.page.getByRole('alert').waitFor();
  await expectPoll(() => visit.page.getByRole('alert').innerText()).toBe('The user name or the password is wrong.');
  await expectPoll(() => visit.page.getByLabel('User name').inputValue()).toBe('owner');
  await expectPoll(() => visit.page.getByLabel('Password').inputValue()).toBe('');
  await visit.screenshot('login-wrong-password');
  await expectNoAxeViolations(visit.page);
  await visit.signIn(USERS.owner);
  await visit.page.getByRole('navigation', { name: 'Main' }).waitFor();
});

it('asks for both name and password before it asks the server', async () => {
  const visit = await stage().visit('/login', { as: null });
  await visit.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectPoll(() => visit.page.getByText('This is needed.').count()).toBe(2);
  expect(visit.apiRequests.filter((request) => request.url().endsWith(LOGIN))).toEqual([]);
});

it('goes on to the page that was asked for, with its filters', async () => {
  const visit = await stage().visit('/agents?q=demo&status=ONLINE', { as: null });
  await visit.signIn(USERS.viewer);
  await visit.page.getByRole('link', { name: 'Demo Agent' }).waitFor();
  expect(visit.address).toBe('/agents?q=demo&status=ONLINE');
  await expectPoll(() => visit.page.getByLabel('Search agents').inputValue()).toBe('demo');
});

it.each(['https://evil.example/', '//evil.example/', '/\\evil.example'])(
  'goes nowhere else for %s',
  async (returnTo) => {
    const visit = await stage().visit(`/login?returnTo=${encodeURIComponent(returnTo)}`, { as: null });
    await visit.signIn(USERS.owner);
    await visit.page.getByRole('navigation', { name: 'Main' }).waitFor();
    expect(visit.page.url().startsWith(stage().installation.url)).toBe(true);
  },
);

it('signs out, and the session is over', async () => {
  const user = await stage().installation.createUser('sid', 'viewer');
  const visit = await stage().visit('/agents', { as: user });
  await visit.page.getByRole('button', { name: 'Account' }).click();
  await visit.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await visit.page.getByLabel('Password').waitFor();
  await eventually(() => {
    expect(visit.hasStream).toBe(false);
  });
  await visit.goTo('/agents');
  expect(visit.address).toBe('/login?returnTo=%2Fagents');
  const before = await stage().installation.as(user);
  await before.get('/api/admin/agents').expectError(401, 'UNAUTHORIZED');
});

it('asks to sign in again when the session has ended, and keeps what was typed', async () => {
  const { installation } = stage();
  const user = await installation.createUser('expired', 'operator');
  const visit = await stage().visit('/agents', { as: user });
  visit.expectRefusal(401, '/api/admin/');
  await visit.page.getByLabel('Search agents').fill('demo');
  await eventually(() => {
    expect(visit.address).toBe('/agents?q=demo');
  });

  const password = await endSessionOf(user);
  const dialog = visit.page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor();
  await expectPoll(() => dialog.getByLabel('User name').inputValue()).toBe('expired');
  await visit.screenshot('sign-in-again');
  await expectNoAxeViolations(visit.page);
  await visit.page.keyboard.press('Escape');
  await expectPoll(() => dialog.isVisible()).toBe(true);

  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await expectPoll(() => visit.page.getByLabel('Search agents').inputValue()).toBe('demo');
  await visit.page.getByRole('link', { name: 'Demo Agent' }).waitFor();
});

it('asks nothing of the server until one has signed in again, and has the cursor in the password', async () => {
  const { installation } = stage();
  const user = await installation.createUser('paused', 'viewer');
  const visit = await stage().visit('/agents', { as: user });
  visit.expectRefusal(401, '/api/admin/');
  await visit.page.clock.install();
  await visit.goTo('/agents');
  await visit.says('live');
  const password = await endSessionOf(user);
  await visit.says('reconnecting');
  await visit.page.clock.runFor(REFRESH_MS);
  const dialog = visit.page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor();
  await eventually(async () => {
    expect(await visit.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('password');
  });

  const asked = visit.apiRequests.length;
  await visit.page.clock.runFor(20 * REFRESH_MS);
  expect(visit.apiRequests.length).toBe(asked);
  expect(visit.hasStream).toBe(false);

  await visit.page.keyboard.type(password);
  await visit.page.keyboard.press('Enter');
  await visit.page.clock.runFor(REFRESH_MS);
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => {
    await visit.page.clock.runFor(REFRESH_MS);
    expect(visit.apiRequests.slice(asked + 1).some((request) => request.url().includes('/agents?'))).toBe(true);
  });
  await visit.says('live');
});

it('keeps what was typed into a form, and into a dialog, when the session ends', async () => {
  const { installation } = stage();
  const user = await installation.createUser('typist', 'owner');
  const service = await installation.demoService();
  const visit = await stage().visit(`/services/${service.id}/actions/echo`, { as: user });
  visit.expectRefusal(401, '/api/admin/');
  const { page } = visit;
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  const signInAgain = async (password: string): Promise<void> => {
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  await page.getByLabel('Text').fill('Typed before the session ended');
  const first = await endSessionOf(user);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await signInAgain(first);
  await expectPoll(() => page.getByLabel('Text').inputValue()).toBe('Typed before the session ended');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('heading', { name: 'Result' }).waitFor();

  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Create a user' }).click();
  await page.getByRole('dialog').getByLabel('User name').fill('half-done');
  await signInAgain(await endSessionOf(user));
  await expectPoll(() => page.getByRole('dialog').getByLabel('User name').inputValue()).toBe('half-done');
});

it('keeps nothing secret in the browser', async () => {
  const visit = await stage().visit('/agents');
  const stored = await visit.page.evaluate(() => [
    Object.keys(localStorage),
    Object.keys(sessionStorage),
    document.cookie,
  ]);
  // Which tab holds the stream of changes for all of them; the name alone says nothing.
  expect(stored).toEqual([['opstage-stream-holder'], [], '']);
});
