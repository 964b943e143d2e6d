import type { User } from '#contracts';
import { TestOperator } from '#testing';
import { UsersService } from '../../src/modules/auth/users/users.service.js';
import { aTestPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const NONE_GIVEN = { adminUsername: null, adminPassword: null };

const createdBy = (app: TestApp) => app.nest.get(UsersService, { strict: false }).createdOwner;

const usersSeenBy = async (user: TestOperator): Promise<readonly User[]> =>
  (await user.get('/api/admin/users').expectPage<User>()).data;

describe('the first owner', () => {
  it('is the one in the environment, whose password is not shown', async () => {
    const app = await startTestApp({ config: { adminUsername: 'Root', adminPassword: 'from the environment' } });
    expect(createdBy(app)).toBeNull();
    const root = await TestOperator.signIn(app.api, 'root', 'from the environment');
    expect(await usersSeenBy(root)).toMatchObject([{ username: 'root', role: 'owner', status: 'ACTIVE' }]);
    expect(await storedText(app)).not.toContain('from the environment');
  });

  it('gets a generated password when none is given, which works and is available once', async () => {
    const first = await startTestApp({ config: NONE_GIVEN });
    const made = createdBy(first)!;
    expect(made).toEqual({ username: 'admin', password: expect.stringMatching(/^[\w-]{24}$/) as string });
    await TestOperator.signIn(first.api, made.username, made.password);
    expect(await storedText(first)).not.toContain(made.password);
    await first.stop();
    const second = await startTestApp({ beside: first, config: NONE_GIVEN });
    expect(createdBy(second)).toBeNull();
    await TestOperator.signIn(second.api, made.username, made.password);
  });

  it('is created in an empty database only', async () => {
    const first = await startTestApp();
    await first.stop();
    const other = { adminUsername: 'intruder', adminPassword: 'from the environment' };
    const second = await startTestApp({ beside: first, config: other });
    const owner = await TestOperator.signIn(second.api, OWNER.username, OWNER.password);
    expect(await usersSeenBy(owner)).toHaveLength(1);
    expect(await second.auditEvents('system.bootstrap.completed')).toHaveLength(1);
  });

  it('is audited with the system as the actor', async () => {
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

  it('is created once when two servers start at the same time on an empty database', async () => {
    const beside = await aTestPlace('postgres');
    const [one, two] = await Promise.all([
      startTestApp({ beside, config: NONE_GIVEN }),
      startTestApp({ beside, config: NONE_GIVEN }),
    ]);
    const made = [createdBy(one), createdBy(two)].filter((owner) => owner !== null);
    expect(made).toHaveLength(1);
    const admin = await TestOperator.signIn(two.api, 'admin', made[0]!.password);
    expect(await usersSeenBy(admin)).toHaveLength(1);
  });
});
