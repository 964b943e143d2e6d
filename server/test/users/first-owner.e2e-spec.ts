import type { User } from '#contracts';
import { TestOperator } from '#testing';
import { FirstOwner } from '../../src/modules/auth/users/users.service.js';
import { aTestPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const NOBODY_GIVEN = { adminUsername: null, adminPassword: null };

const madeBy = (app: TestApp) => app.nest.get(FirstOwner, { strict: false }).createdOwner;

const usersSeenBy = async (user: TestOperator): Promise<readonly User[]> =>
  (await user.get('/api/admin/users').expectPage<User>()).data;

describe('the first owner', () => {
  it('is the one the environment names, and their password is not told', async () => {
    const app = await startTestApp({ config: { adminUsername: 'Root', adminPassword: 'from the environment' } });
    expect(madeBy(app)).toBeNull();
    const root = await TestOperator.signIn(app.api, 'root', 'from the environment');
    expect(await usersSeenBy(root)).toMatchObject([{ username: 'root', role: 'owner', status: 'ACTIVE' }]);
    expect(await storedText(app)).not.toContain('from the environment');
  });

  it('is made up when none is given, with a password that works and is told this once', async () => {
    const first = await startTestApp({ config: NOBODY_GIVEN });
    const made = madeBy(first)!;
    expect(made).toEqual({ username: 'admin', password: expect.stringMatching(/^[\w-]{24}$/) as string });
    await TestOperator.signIn(first.api, made.username, made.password);
    expect(await storedText(first)).not.toContain(made.password);
    await first.stop();
    const second = await startTestApp({ beside: first, config: NOBODY_GIVEN });
    expect(madeBy(second)).toBeNull();
    await TestOperator.signIn(second.api, made.username, made.password);
  });

  it('is made on an empty database only', async () => {
    const first = await startTestApp();
    await first.stop();
    const other = { adminUsername: 'intruder', adminPassword: 'from the environment' };
    const second = await startTestApp({ beside: first, config: other });
    const owner = await TestOperator.signIn(second.api, OWNER.username, OWNER.password);
    expect(await usersSeenBy(owner)).toHaveLength(1);
    expect(await second.auditEvents('system.bootstrap.completed')).toHaveLength(1);
  });

  it('is audited as the work of the system', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const [event] = await app.auditEvents('system.bootstrap.completed');
    expect(event).toMatchObject({
      actorType: 'SYSTEM',
      actorId: 'system',
      targetType: 'User',
      targetId: owner.session.user.id,
      ipAddress: null,
      metadata: { username: 'owner' },
    });
  });

  it('is one, when two servers start at once on an empty database', async () => {
    const beside = await aTestPlace();
    const [one, two] = await Promise.all([
      startTestApp({ beside, config: NOBODY_GIVEN }),
      startTestApp({ beside, config: NOBODY_GIVEN }),
    ]);
    const made = [madeBy(one), madeBy(two)].filter((owner) => owner !== null);
    expect(made).toHaveLength(1);
    const admin = await TestOperator.signIn(two.api, 'admin', made[0]!.password);
    expect(await usersSeenBy(admin)).toHaveLength(1);
  });
});
