import type { User } from '#contracts';
import type { Credentials } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { expectPoll } from './support/expect-poll.js';
import { USERS } from './support/installation.js';
import { NARROW, useStage } from './support/stage.js';
import { addVirtualAuthenticator } from './support/virtual-authenticator.js';
import type { Visit } from './support/visit.js';

const TEST_MS = 180_000;
const LOGIN = '/api/admin/auth/login';
const stage = useStage();

/** Passkeys are bound to names: the installation by its address has none. */
const visitAsNobody = (viewport?: typeof NARROW): Promise<Visit> =>
  stage().visit('/login', { as: null, host: 'localhost', ...(viewport && { viewport }) });

const signedIn = ({ page }: Visit): Promise<void> => page.locator('ops-shell').waitFor();

/** Registers a passkey on the account page of who is signed in. */
const register = async (visit: Visit, { password }: Credentials): Promise<void> => {
  const { page } = visit;
  await visit.goTo('/settings/account');
  await page.getByText('No passkeys').waitFor();
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill('Test key');
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByRole('row', { name: /Test key/ }).waitFor();
};

const signOut = async ({ page }: Visit): Promise<void> => {
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
};

it(
  'is registered, asked for at the next sign-in, and removed again',
  async () => {
    const user = await stage().installation.createUser('pat', 'viewer');
    const visit = await visitAsNobody();
    const { page } = visit;
    const authenticator = await addVirtualAuthenticator(visit);
    await visit.signIn(user);
    await signedIn(visit);
    await register(visit, user);
    await visit.screenshot('passkeys-account');
    await expectNoAxeViolations(page);
    expect(await authenticator.credentials()).toHaveLength(1);

    await signOut(visit);
    visit.expectRefusal(401, LOGIN);
    await visit.signIn(user);
    await signedIn(visit);

    await visit.goTo('/settings/account');
    await page.getByRole('button', { name: 'Remove Test key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(user.password);
    await visit.screenshot('passkeys-remove');
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No passkeys').waitFor();
    await signOut(visit);
    await visit.signIn(user);
    await signedIn(visit);
  },
  TEST_MS,
);

it(
  'that does not come lets nobody in, and can be asked for again; an owner’s reset lets in without it',
  async () => {
    const user = await stage().installation.createUser('pam', 'viewer');
    const visit = await visitAsNobody(NARROW);
    const { page } = visit;
    const authenticator = await addVirtualAuthenticator(visit);
    await visit.signIn(user);
    await signedIn(visit);
    await register(visit, user);
    await expectPoll(() => visit.sidewaysPx()).toBe(0);
    await visit.screenshot('passkeys-account-390');
    await signOut(visit);

    visit.expectRefusal(401, LOGIN);
    const kept = await authenticator.credentials();
    await authenticator.clear();
    await visit.signIn(user);
    await page.getByRole('alert').waitFor();
    await expectPoll(() => page.getByRole('alert').innerText()).toContain('No passkey came');
    await visit.screenshot('passkeys-cancelled-390');
    await expectNoAxeViolations(page);
    await authenticator.put(kept);
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await signedIn(visit);
    await visit.goTo('/settings/account');
    await signOut(visit);

    const owners = await stage().visit('/users?q=pam');
    await owners.page.getByRole('button', { name: 'Acts on pam' }).click();
    await owners.page.getByRole('menuitem', { name: 'Reset passkeys' }).click();
    const dialog = owners.page.getByRole('dialog', { name: 'Reset the passkeys of pam?' });
    await owners.screenshot('passkeys-reset');
    await expectNoAxeViolations(owners.page);
    await dialog.getByRole('button', { name: 'Reset passkeys' }).click();
    await owners.page.getByText('The passkeys of pam are removed').waitFor();
    await authenticator.clear();
    await visit.signIn(user);
    await signedIn(visit);
  },
  TEST_MS,
);

it(
  'is asked for again over a page whose session has ended',
  async () => {
    const { installation } = stage();
    const user = await installation.createUser('peg', 'operator');
    const visit = await visitAsNobody();
    const { page } = visit;
    await addVirtualAuthenticator(visit);
    await visit.signIn(user);
    await signedIn(visit);
    await register(visit, user);
    visit.expectRefusal(401, '/api/admin/');
    await visit.goTo('/agents');
    await page.getByLabel('Search agents').fill('demo');
    const owner = await installation.as(USERS.owner);
    await owner.post(`/api/admin/users/${user.id}/reset-password`, { newPassword: user.password }).expectOk();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Password').fill(user.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await expectPoll(() => page.getByLabel('Search agents').inputValue()).toBe('demo');
  },
  TEST_MS,
);

it(
  'is what a user of a role that needs one registers before anything else',
  async () => {
    const { installation } = stage();
    const owner = await installation.as(USERS.owner);
    const require = (passkeyRequiredRoles: readonly string[]) =>
      owner.patch('/api/admin/settings/sign-in', { passkeyRequiredRoles }).expectOk();
    const settings = await stage().visit('/settings/sign-in');
    await settings.page.getByRole('checkbox', { name: 'Operator' }).check();
    await settings.page.getByRole('button', { name: 'Save' }).click();
    await settings.page.getByText('The settings are saved').waitFor();
    await settings.screenshot('passkeys-settings');
    await expectNoAxeViolations(settings.page);
    settings.expectRefusal(409, '/api/admin/settings/sign-in');
    await settings.page.getByRole('checkbox', { name: 'Owner' }).check();
    await settings.page.getByRole('button', { name: 'Save' }).click();
    await settings.page.getByText('Register a passkey of your own first').waitFor();

    const user: User & Credentials = await installation.createUser('pip', 'operator');
    const visit = await visitAsNobody();
    const { page } = visit;
    await addVirtualAuthenticator(visit);
    await visit.signIn(user);
    await page.getByRole('heading', { name: 'Register a passkey' }).waitFor();
    await visit.screenshot('passkeys-enrolment');
    await expectNoAxeViolations(page);
    await visit.goTo('/agents');
    expect(visit.address).toBe('/enrolment?returnTo=%2Fagents');
    await page.getByLabel('Name of the passkey').fill('Test key');
    await page.getByLabel('Your password').fill(user.password);
    await page.getByRole('button', { name: 'Register passkey' }).click();
    await page.getByRole('link', { name: 'Demo Agent' }).waitFor();
    await require([]);
  },
  TEST_MS,
);
