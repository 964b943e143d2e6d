import { HttpClient } from '@angular/common/http';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatDialog, MatDialogState } from '@angular/material/dialog';
import { fakeBrowserPage } from '../../../testing/browser-page';
import { aSession } from '../../../testing/builders';
import { overlay } from '../../../testing/console';
import { dialogClosed, until, visit } from '../../../testing/visit';
import { liveResource } from '../live/live-resource';
import { Shell } from './shell';

const LOGIN = '/api/admin/auth/login';
const THING = '/api/thing';

/** A page with something typed on it, and something that is read again. */
@Component({ selector: 'ops-test-page', template: '<input class="typed" />{{ thing.value() }}' })
class Page {
  readonly thing = liveResource<string>(() => THING);
}

/** A page whose session has ended. */
const open = async () => {
  const routes = [{ path: '', component: Shell, children: [{ path: '**', component: Page }] }];
  const { backend, screen } = await visit('/agents', routes);
  await backend.answer(THING, 'first');
  await screen.type('.typed', 'half a sentence');
  TestBed.inject(HttpClient)
    .get('/api/other')
    .subscribe({ error: () => undefined });
  await backend.refuse('/api/other', 'UNAUTHORIZED');
  await until(() => dialogs() > 0);
  const signIn = async (): Promise<void> => {
    await overlay().fill('Password', 'a long password');
    await overlay().click('Sign in');
  };
  return { backend, screen, signIn };
};

const dialogs = (): number => overlay().all('ops-sign-in-again').length;

describe('SignInAgain', () => {
  it('stands over the page, with the name of who it was and what was typed still there', async () => {
    const { screen } = await open();
    expect(dialogs()).toBe(1);
    expect(overlay().field('User name').value).toBe('kim');
    expect(overlay().text).toContain('What you typed on this page is still there.');
    expect(screen.one<HTMLInputElement>('.typed').value).toBe('half a sentence');
  });

  it('cannot be put away without signing in', async () => {
    await open();
    await overlay().press('Escape', overlay().one('[role=dialog]'));
    overlay().one('.cdk-overlay-backdrop').click();
    await overlay().press('Escape', document.body);
    // Where it closes, it fades out first.
    expect(TestBed.inject(MatDialog).getDialogById('sign-in-again')?.getState()).toBe(MatDialogState.OPEN);
  });

  it('goes away for the same user, who goes on where it was, with what is true now', async () => {
    const { backend, screen, signIn } = await open();
    await signIn();
    const { request } = await backend.answer(LOGIN, { ...aSession(), csrfToken: 'csrf-2' }, 'POST');
    expect(request.body).toEqual({ username: 'kim', password: 'a long password' });
    await backend.answer(THING, 'second');
    await dialogClosed();
    expect(screen.one<HTMLInputElement>('.typed').value).toBe('half a sentence');
    expect(screen.text).toContain('second');
  });

  it('stays when the password is wrong', async () => {
    const { backend, signIn } = await open();
    await signIn();
    await backend.refuse(LOGIN, 'UNAUTHORIZED', { method: 'POST' });
    expect(overlay().one('[role=alert]').textContent).toContain('The user name or the password is wrong.');
    expect(dialogs()).toBe(1);
  });

  it('leaves the page for another user, who never sees it', async () => {
    const page = fakeBrowserPage();
    const { backend, screen, signIn } = await open();
    await overlay().fill('User name', 'robin');
    await signIn();
    const session = aSession();
    await backend.answer(LOGIN, { ...session, user: { ...session.user, id: 'usr_2', username: 'robin' } }, 'POST');
    expect(page.loaded).toEqual(['/']);
    expect(dialogs()).toBe(1);
    backend.expectNone(THING);
    expect(screen.text).not.toContain('second');
  });
});
