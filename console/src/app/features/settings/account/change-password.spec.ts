import { TestBed } from '@angular/core/testing';
import { overlay, screenOf, signInAs, startConsole } from '../../../../testing/console';
import { ChangePassword } from './change-password';

const PASSWORD = '/api/admin/auth/password';
const CURRENT = 'Current password';
const NEW = 'New password';
const AGAIN = 'New password again';
const ACT = 'Change password';
const old = 'correct horse battery';
const fresh = 'staple correct horse';

const open = async () => {
  const backend = startConsole();
  await signInAs('viewer', backend);
  const fixture = TestBed.createComponent(ChangePassword);
  fixture.componentRef.setInput('username', 'kim');
  const screen = await screenOf(fixture);
  const fillIn = async (current: string, next: string, again: string): Promise<void> => {
    await screen.fill(CURRENT, current);
    await screen.fill(NEW, next);
    await screen.fill(AGAIN, again);
    await screen.click(ACT);
  };
  const values = (): readonly string[] => [CURRENT, NEW, AGAIN].map((label) => screen.field(label).value);
  return { backend, screen, fillIn, values };
};

describe('ChangePassword', () => {
  it('sends the old and the new one, says so, and forgets them', async () => {
    const { backend, screen, fillIn, values } = await open();
    await fillIn(old, fresh, fresh);
    const { request } = await backend.answer(PASSWORD, { done: true }, 'POST');
    expect(request.body).toEqual({ currentPassword: old, newPassword: fresh });
    expect(request.headers.get('X-CSRF-Token')).toBe('csrf-1');
    expect(overlay().text).toContain('Your password is changed');
    expect(values()).toEqual(['', '', '']);
    expect(screen.all('mat-error')).toEqual([]);
  });

  it('sends nothing while something is missing', async () => {
    const { backend, screen } = await open();
    await screen.click(ACT);
    expect([CURRENT, NEW, AGAIN].map((label) => screen.faultOf(label))).toEqual(Array(3).fill('This is needed.'));
    backend.expectNoMore();
  });

  it('sends none that is too short', async () => {
    const { backend, screen, fillIn } = await open();
    await fillIn(old, 'short', 'short');
    expect(screen.faultOf(NEW)).toBe('At least 12 characters are needed.');
    backend.expectNoMore();
  });

  it('sends none that was typed differently the second time, also when the first is changed afterwards', async () => {
    const { backend, screen, fillIn } = await open();
    await fillIn(old, fresh, `${fresh}!`);
    expect(screen.faultOf(AGAIN)).toBe('This differs from the new password.');
    await screen.fill(AGAIN, fresh);
    await screen.fill(NEW, `${fresh}!`);
    await screen.click(ACT);
    expect(screen.faultOf(AGAIN)).toBe('This differs from the new password.');
    backend.expectNoMore();
  });

  it('says at its field that the current one is wrong, and keeps what was typed', async () => {
    const { backend, screen, fillIn, values } = await open();
    await fillIn('not it', fresh, fresh);
    const issues = [{ path: 'currentPassword', message: 'is wrong' }];
    await backend.refuse(PASSWORD, 'VALIDATION_FAILED', { method: 'POST', details: { issues } });
    expect(screen.faultOf(CURRENT)).toBe('This is not your current password.');
    expect(values()).toEqual(['not it', fresh, fresh]);
  });

  it('says why it failed otherwise, and can be tried again', async () => {
    const { backend, screen, fillIn } = await open();
    await fillIn(old, fresh, fresh);
    expect((screen.named(ACT) as HTMLButtonElement).disabled).toBe(true);
    await backend.cut(PASSWORD, 'POST');
    expect(screen.one('[role=alert]').textContent).toBe('The server does not answer.');
    await screen.click(ACT);
    await backend.answer(PASSWORD, { done: true }, 'POST');
    expect(screen.all('[role=alert]')).toEqual([]);
  });

  it('tells a password manager whose it is', async () => {
    const { screen } = await open();
    expect(screen.one<HTMLInputElement>('[autocomplete=username]').value).toBe('kim');
    expect(screen.field(CURRENT).autocomplete).toBe('current-password');
    expect(screen.field(NEW).autocomplete).toBe('new-password');
    expect(screen.all('input:not([autocomplete=username]):not([type=password])')).toEqual([]);
  });
});
