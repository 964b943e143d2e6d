import { TestBed } from '@angular/core/testing';
import { settled } from '../../../testing/backend';
import { aUser } from '../../../testing/builders';
import { overlay, signInAs, startConsole } from '../../../testing/console';
import { UserActs } from './user-acts';

describe('SessionsDialog', () => {
  it('names the user and lists where they are signed in', async () => {
    const backend = startConsole();
    await signInAs('owner', backend);
    TestBed.inject(UserActs).showSessions(aUser());
    await settled();
    const dialog = overlay();
    expect(dialog.one('h2').textContent).toBe('Where robin is signed in');
    await backend.answerPage('/api/admin/users/usr_2/sessions', []);
    expect(dialog.text).toContain('Not signed in anywhere.');
  });
});
