import { TestOperator } from '#testing';
import { PUBLIC_URL, withPasskey } from '../support/passkeys.js';
import { runOpstage, spawnOpstage } from '../support/run-opstage.js';
import { OWNER, startTestApp } from '../support/start-test-app.js';

const PASSWORD = 'typed on the host, once';

describe('opstage users', () => {
  it('lists all users', async () => {
    const app = await startTestApp();
    await app.signIn('viewer');
    const { code, output } = await runOpstage(app, ['users', 'list']);
    expect(code).toBe(0);
    expect(output).toMatch(/^owner +owner +ACTIVE +\d{4}-/m);
    expect(output).toMatch(/^viewer +viewer +ACTIVE/m);
  });

  it('reset-password lets an owner in again, ends their sessions at once and is audited', async () => {
    const app = await startTestApp();
    const before = await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    const run = await spawnOpstage(app, ['users', 'reset-password', 'OWNER'], { input: `${PASSWORD}\n` });
    expect(run).toMatchObject({ code: 0, errors: '' });
    expect(run.output).not.toContain(PASSWORD);
    await before.get('/api/admin/auth/me').expectError(401, 'UNAUTHORIZED');
    const owner = await TestOperator.signIn(app.api, OWNER.username, PASSWORD);
    const events = await owner.get('/api/admin/audit-events?action=user.password.reset').expectPage();
    expect(events.data).toMatchObject([{ actorType: 'SYSTEM', targetType: 'User' }]);
  });

  it('create creates a user with a generated password, which is printed once', async () => {
    const app = await startTestApp();
    const { output } = await runOpstage(app, ['users', 'create', 'ada', '--role', 'operator', '--generate']);
    const password = /^Password: (\S{24})$/m.exec(output)?.[1] ?? '';
    const ada = await TestOperator.signIn(app.api, 'ada', password);
    expect(ada.session.user.role).toBe('operator');
    const [event] = await app.auditEvents('user.created');
    expect(event).toMatchObject({ actorType: 'SYSTEM', message: 'The host’s operator created user ada as operator.' });
  });

  it.each([
    ['an unknown user', ['users', 'reset-password', 'nobody'], PASSWORD, 'There is no user nobody.'],
    ['a short password', ['users', 'reset-password', 'owner'], 'short', 'A password must have 12 to 256 characters.'],
    ['no password', ['users', 'reset-password', 'owner'], '', 'No password was entered.'],
    ['a name that is taken', ['users', 'create', 'owner'], PASSWORD, 'There is already a user named owner.'],
    ['an invalid name', ['users', 'create', 'two words'], PASSWORD, 'A user name has 1 to 80'],
    ['an unknown role', ['users', 'create', 'ada', '--role', 'king'], PASSWORD, 'Allowed choices are'],
  ])('refuses %s with a clear message', async (_, args, input, words) => {
    const app = await startTestApp();
    const { code, errors, output } = await runOpstage(app, args, { input });
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain(words);
    expect(errors).not.toContain('    at ');
  });
});

describe('opstage users reset-passkeys', () => {
  it('lets a user who lost their passkeys sign in with the password alone, ends their sessions and is audited', async () => {
    const app = await startTestApp({ config: { publicBaseUrl: PUBLIC_URL } });
    const { user: before } = await withPasskey(app, 'owner');
    const run = await runOpstage(app, ['users', 'reset-passkeys', 'OWNER']);
    expect(run).toMatchObject({ code: 0, errors: '' });
    expect(run.output).toBe('Removed the passkeys of owner and ended their sessions.\n');
    await before.get('/api/admin/auth/me').expectError(401, 'UNAUTHORIZED');
    const owner = await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    const events = await owner.get('/api/admin/audit-events?action=user.passkeys.reset').expectPage();
    expect(events.data).toMatchObject([{ actorType: 'SYSTEM', metadata: { username: 'owner', passkeys: 1 } }]);
    const again = await runOpstage(app, ['users', 'reset-passkeys', 'owner']);
    expect(again).toMatchObject({ code: 0, output: 'User owner has no passkeys.\n' });
    expect((await runOpstage(app, ['users', 'reset-passkeys', 'nobody'])).errors).toContain('There is no user nobody.');
  });
});

describe('opstage tokens create', () => {
  it('prints a token that enrols the agent it is for', async () => {
    const app = await startTestApp();
    const { output } = await spawnOpstage(app, ['tokens', 'create', '--agent-code', 'billing']);
    const registrationToken = output.trim();
    const register = (code: string) => app.api.post('/api/agents/register', { registrationToken, agent: { code } });
    await register('other').expectError(401, 'REGISTRATION_TOKEN_INVALID');
    await register('billing').expectOk();
  });
});

describe('opstage with OPSTAGE_AUDIT_STREAM=stdout', () => {
  const settings = { OPSTAGE_AUDIT_STREAM: 'stdout' };

  it.each([
    ['a password', ['users', 'create', 'ada', '--generate'], /^Created user ada as owner\.\nPassword: \S{24}\n.*\n$/],
    ['a token', ['tokens', 'create'], /^opstage_reg_\S+\n$/],
  ])('prints %s to standard output and the audit event to standard error', async (_, args, printed) => {
    const { code, output, errors } = await spawnOpstage(await startTestApp(), args, { settings });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(printed) as string });
    expect(JSON.parse(errors)).toMatchObject({ sequence: 1, event: { actorType: 'SYSTEM', result: 'SUCCESS' } });
  });
});
