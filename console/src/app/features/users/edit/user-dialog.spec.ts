import { TestBed } from '@angular/core/testing';
import type { User } from '#contracts';
import { settled } from '../../../../testing/backend';
import { aUser } from '../../../../testing/builders';
import { overlay, signInAs, startConsole } from '../../../../testing/console';
import { dialogClosed } from '../../../../testing/visit';
import { UserActs } from '../user-acts';

const USERS = '/api/admin/users';
const NAME = 'User name';
const SHOWN = 'Display name';
const PASSWORD = 'Password';
const password = 'a long password';

const start = async () => {
  const backend = startConsole();
  await signInAs('owner', backend);
  return { backend, acts: TestBed.inject(UserActs) };
};

const openNew = async () => {
  const { backend, acts } = await start();
  acts.create();
  await settled();
  return { backend, dialog: overlay() };
};

const openEdit = async (user: User = aUser()) => {
  const { backend, acts } = await start();
  acts.edit(user);
  await settled();
  return { backend, dialog: overlay() };
};

describe('UserDialog', () => {
  it('creates a user, says so and is gone', async () => {
    const { backend, dialog } = await openNew();
    expect(dialog.one('h2').textContent).toBe('New user');
    await dialog.fill(NAME, 'robin');
    await dialog.fill(SHOWN, ' Robin R. ');
    await dialog.choose('Role', 'Operator');
    expect(dialog.text).toContain('May run actions and manage agents and tokens.');
    await dialog.fill(PASSWORD, password);
    await dialog.click('Create');
    const { request } = await backend.answer(USERS, aUser(), 'POST');
    expect(request.body).toEqual({ username: 'robin', displayName: 'Robin R.', role: 'operator', password });
    expect(overlay().text).toContain('robin is created');
    await dialogClosed();
  });

  it('creates one who may only look, without a display name, unless told otherwise', async () => {
    const { backend, dialog } = await openNew();
    await dialog.fill(NAME, 'robin');
    await dialog.fill(PASSWORD, password);
    await dialog.click('Create');
    expect((await backend.answer(USERS, aUser(), 'POST')).request.body).toEqual({
      username: 'robin',
      role: 'viewer',
      password,
    });
  });

  it('sends nothing while something is missing or cannot be', async () => {
    const { backend, dialog } = await openNew();
    await dialog.click('Create');
    expect([NAME, PASSWORD].map((label) => dialog.faultOf(label))).toEqual(['This is needed.', 'This is needed.']);
    await dialog.fill(NAME, 'two words');
    await dialog.fill(PASSWORD, 'short');
    await dialog.click('Create');
    expect(dialog.faultOf(NAME)).toBe('Letters, digits and . _ @ - only.');
    expect(dialog.faultOf(PASSWORD)).toBe('At least 12 characters are needed.');
    backend.expectNoMore();
  });

  it('says at the name that it is taken, and keeps what was typed', async () => {
    const { backend, dialog } = await openNew();
    await dialog.fill(NAME, 'kim');
    await dialog.fill(PASSWORD, password);
    await dialog.click('Create');
    await backend.refuse(USERS, 'USER_ALREADY_EXISTS', { method: 'POST' });
    expect(dialog.faultOf(NAME)).toBe('There is already a user with this name.');
    expect(dialog.field(NAME).value).toBe('kim');
    expect(dialog.field(PASSWORD).value).toBe(password);
    await dialog.fill(NAME, 'robin');
    await dialog.click('Create');
    await backend.answer(USERS, aUser(), 'POST');
    await dialogClosed();
  });

  it('puts what the server refuses on its field', async () => {
    const { backend, dialog } = await openNew();
    await dialog.fill(NAME, 'robin');
    await dialog.fill(PASSWORD, password);
    await dialog.click('Create');
    const issues = [{ path: 'password', message: 'is too well known' }];
    await backend.refuse(USERS, 'VALIDATION_FAILED', { method: 'POST', details: { issues } });
    expect(dialog.faultOf(PASSWORD)).toBe('is too well known');
    expect(dialog.all('[role=alert]')).toEqual([]);
  });

  it('changes role and name of a user, and asks for nothing else', async () => {
    const { backend, dialog } = await openEdit();
    expect(dialog.one('h2').textContent).toBe('Edit robin');
    expect(dialog.texts('mat-label')).toEqual(['Display name', 'Role']);
    expect(dialog.field(SHOWN).value).toBe('Robin R.');
    await dialog.fill(SHOWN, ' ');
    await dialog.choose('Role', 'Viewer');
    await dialog.click('Save');
    const { request } = await backend.answer(`${USERS}/usr_2`, aUser({ role: 'viewer' }), 'PATCH');
    expect(request.body).toEqual({ role: 'viewer', displayName: null });
    expect(overlay().text).toContain('robin is saved');
    await dialogClosed();
  });

  it('sends what was changed, and nothing else', async () => {
    const { backend, dialog } = await openEdit();
    await dialog.choose('Role', 'Viewer');
    await dialog.click('Save');
    const { request } = await backend.answer(`${USERS}/usr_2`, aUser({ role: 'viewer' }), 'PATCH');
    expect(request.body).toEqual({ role: 'viewer' });
  });

  it('says beforehand that another role ends their sessions', async () => {
    const { dialog } = await openEdit();
    expect(dialog.text).not.toContain('has to sign in again');
    await dialog.choose('Role', 'Owner');
    expect(dialog.one('[role=status]').textContent).toBe('With another role robin has to sign in again.');
  });

  it('says in its own words that the last owner has to stay one', async () => {
    const { backend, dialog } = await openEdit(aUser({ role: 'owner' }));
    await dialog.choose('Role', 'Viewer');
    await dialog.click('Save');
    await backend.refuse(`${USERS}/usr_2`, 'LAST_OWNER_REQUIRED', { method: 'PATCH' });
    expect(dialog.one('form [role=alert]').textContent).toContain('At least one active owner must remain.');
  });
});
