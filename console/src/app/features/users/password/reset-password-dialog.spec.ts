import { TestBed } from '@angular/core/testing';
import { settled } from '../../../../testing/backend';
import { aUser } from '../../../../testing/builders';
import { overlay, signInAs, startConsole } from '../../../../testing/console';
import { dialogClosed } from '../../../../testing/visit';
import { UserActs } from '../user-acts';

const RESET = '/api/admin/users/usr_2/reset-password';
const ACT = 'Reset password';
const newPassword = 'a long password';

const open = async () => {
  const backend = startConsole();
  await signInAs('owner', backend);
  TestBed.inject(UserActs).resetPassword(aUser());
  await settled();
  return { backend, dialog: overlay() };
};

describe('ResetPasswordDialog', () => {
  it('names the user and says what will happen', async () => {
    const { dialog } = await open();
    expect(dialog.one('h2').textContent).toBe('New password for robin');
    expect(dialog.text).toContain('robin is signed out everywhere');
  });

  it('sends the new password, says so, and is gone with it', async () => {
    const { backend, dialog } = await open();
    await dialog.fill('Password', newPassword);
    await dialog.click(ACT);
    const { request } = await backend.answer(RESET, aUser(), 'POST');
    expect(request.body).toEqual({ newPassword });
    expect(overlay().text).toContain('The password of robin is reset');
    await dialogClosed();
    expect(overlay().all('input')).toEqual([]);
  });

  it('sends the one it generates', async () => {
    const { backend, dialog } = await open();
    await dialog.click('Generate');
    const generated = dialog.field('Password').value;
    await dialog.click(ACT);
    expect((await backend.answer(RESET, aUser(), 'POST')).request.body).toEqual({ newPassword: generated });
  });

  it('sends none that is too short', async () => {
    const { backend, dialog } = await open();
    await dialog.fill('Password', 'short');
    await dialog.click(ACT);
    expect(dialog.faultOf('Password')).toBe('At least 12 characters are needed.');
    backend.expectNoMore();
  });

  it('says why it failed, and keeps what was typed', async () => {
    const { backend, dialog } = await open();
    await dialog.fill('Password', newPassword);
    await dialog.click(ACT);
    await backend.refuse(RESET, 'USER_NOT_FOUND', { method: 'POST', message: 'There is no such user.' });
    expect(dialog.one('form [role=alert]').textContent).toBe('There is no such user.');
    expect(dialog.field('Password').value).toBe(newPassword);
  });
});
