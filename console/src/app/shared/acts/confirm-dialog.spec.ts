import { TestBed } from '@angular/core/testing';
import { settled } from '../../../testing/backend';
import { overlay, startConsole } from '../../../testing/console';
import { Confirm, type ConfirmRequest } from './confirm-dialog';

const ask = async (more: Partial<ConfirmRequest> = {}) => {
  startConsole();
  const answer = TestBed.inject(Confirm).ask({
    title: 'Revoke Till 1?',
    text: 'It stays out.',
    act: 'Revoke',
    ...more,
  });
  await settled();
  return { answer, dialog: overlay() };
};

describe('Confirm', () => {
  it('names the thing and what will happen', async () => {
    const { dialog } = await ask();
    expect(dialog.one('[role=dialog] h2').textContent).toBe('Revoke Till 1?');
    expect(dialog.text).toContain('It stays out.');
    expect(dialog.names('button')).toEqual(['Cancel', 'Revoke']);
  });

  it('is agreed to by the act', async () => {
    const { answer, dialog } = await ask();
    await dialog.click('Revoke');
    expect(await answer).toBe(true);
  });

  it('is refused by Cancel', async () => {
    const { answer, dialog } = await ask();
    await dialog.click('Cancel');
    expect(await answer).toBe(false);
  });

  it('is refused by Escape', async () => {
    const { answer, dialog } = await ask();
    await dialog.press('Escape');
    expect(await answer).toBe(false);
  });

  it('does nothing until exactly the word is typed', async () => {
    const { answer, dialog } = await ask({ typed: 'till-1' });
    const act = dialog.named('Revoke') as HTMLButtonElement;
    expect(act.disabled).toBe(true);
    for (const nearly of ['till', 'TILL-1', 'till-1 ']) {
      await dialog.type('input', nearly);
      expect(act.disabled).toBe(true);
    }
    await dialog.type('input', 'till-1');
    expect(act.disabled).toBe(false);
    await dialog.click('Revoke');
    expect(await answer).toBe(true);
  });

  it('draws what agents are called as text', async () => {
    const { dialog } = await ask({ title: '<img src=x onerror=alert(1)>' });
    expect(dialog.all('img')).toEqual([]);
    expect(dialog.text).toContain('<img src=x onerror=alert(1)>');
  });
});
