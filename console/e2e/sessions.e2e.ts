import { TestOperator } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { useStage } from './support/stage.js';

const TEST_MS = 120_000;
const ME = '/api/admin/auth/me';

const stage = useStage();

it(
  'lists where one is signed in, and ends a session elsewhere',
  async () => {
    const { installation } = stage();
    const rosa = await installation.createUser('rosa', 'viewer');
    const elsewhere = await TestOperator.signIn(installation.api, rosa.username, rosa.password);
    const visit = await stage().visit('/settings/account', { as: rosa });
    const { page } = visit;
    const table = page.getByRole('table', { name: 'Live sessions, the one last used first' });
    await table.getByRole('row', { name: /This one/ }).waitFor();
    await visit.screenshot('account-sessions');
    await expectNoAxeViolations(page);
    await elsewhere.get(ME).expectOk();
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click();
    await page.getByText('The session has ended').waitFor();
    await table.getByRole('button').first().waitFor({ state: 'detached' });
    await elsewhere.get(ME).expectError(401, 'UNAUTHORIZED');
    await table.getByText('This one').waitFor();
  },
  TEST_MS,
);

it(
  'shows an owner where a user is signed in, and ends that',
  async () => {
    const { installation } = stage();
    const sina = await installation.createUser('sina', 'viewer');
    const session = await TestOperator.signIn(installation.api, sina.username, sina.password);
    const { page } = await stage().visit('/users');
    await page.getByRole('button', { name: 'Acts on sina' }).click();
    await page.getByRole('menuitem', { name: 'Sessions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where sina is signed in' });
    await dialog.getByRole('button', { name: /^End the session of/ }).click();
    await dialog.getByText('Not signed in anywhere.').waitFor();
    await expectNoAxeViolations(page);
    await session.get(ME).expectError(401, 'UNAUTHORIZED');
  },
  TEST_MS,
);
