import { HttpClient } from '@angular/common/http';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { settled, type Backend } from '../../../testing/backend';
import { fakeBrowserPage } from '../../../testing/browser-page';
import { aSession } from '../../../testing/builders';
import { overlay, screenOf, signInAs, startConsole } from '../../../testing/console';
import { App } from '../../app';
import { Notify } from '../notify/notify';
import { CsrfToken } from '../session/csrf-token';
import { Session } from '../session/session';
import { ChunkErrors, isChunkError } from './chunk-errors';

const ME = '/api/admin/auth/me';
const THINGS = '/api/admin/things';

@Component({ template: 'the page' })
class Page {}

const start = () => {
  const page = fakeBrowserPage();
  return { page, backend: startConsole([{ path: '**', component: Page }]) };
};

describe('a console whose server does not say who is signed in', () => {
  const open = async (backend: Backend) => {
    const loading = TestBed.inject(Session).load();
    await backend.refuse(ME, 'SERVICE_UNAVAILABLE');
    await loading;
    return screenOf(TestBed.createComponent(App));
  };

  it('says so instead of showing a page without a user', async () => {
    const screen = await open(start().backend);
    expect(screen.one('[role=alert]').textContent).toContain('The server is not answering');
    expect(screen.all('router-outlet')).toEqual([]);
  });

  it.each(['signed in', 'signed out'])('loads the page again once the server answers: %s', async (who) => {
    const { backend, page } = start();
    const screen = await open(backend);
    await screen.click('Try again');
    await backend.cut(ME);
    expect(page.loaded).toEqual([]);
    await screen.click('Try again');
    await (who === 'signed in' ? backend.answer(ME, aSession()) : backend.refuse(ME, 'UNAUTHORIZED'));
    expect(page.loaded).toEqual(['reload']);
  });
});

describe('a CSRF token that another tab has replaced', () => {
  const write = async () => {
    const { page, backend } = start();
    await signInAs('operator', backend);
    const outcome = firstValueFrom(TestBed.inject(HttpClient).post(THINGS, { name: 'one' })).catch(
      (error: unknown) => error,
    );
    await backend.refuse(THINGS, 'CSRF_INVALID', { method: 'POST' });
    return { page, backend, outcome };
  };

  it('is renewed for the same user, and the request is sent once more', async () => {
    const { backend, outcome } = await write();
    await backend.answer(ME, { ...aSession(), csrfToken: 'csrf-2' });
    const { request } = await backend.answer(THINGS, { id: 1 }, 'POST');
    expect(request.headers.get('X-CSRF-Token')).toBe('csrf-2');
    expect(request.body).toEqual({ name: 'one' });
    expect(await outcome).toEqual({ id: 1 });
    expect(TestBed.inject(CsrfToken).value()).toBe('csrf-2');
  });

  it('is asked for once by requests that fail together, and a second refusal is final', async () => {
    const { backend, outcome } = await write();
    const other = firstValueFrom(TestBed.inject(HttpClient).delete('/api/admin/other')).catch(
      (error: unknown) => error,
    );
    await backend.refuse('/api/admin/other', 'CSRF_INVALID', { method: 'DELETE' });
    await backend.answer(ME, { ...aSession(), csrfToken: 'csrf-2' });
    await backend.refuse(THINGS, 'CSRF_INVALID', { method: 'POST' });
    await backend.answer('/api/admin/other', {}, 'DELETE');
    expect(await outcome).toMatchObject({ code: 'CSRF_INVALID' });
    expect(await other).toEqual({});
    backend.expectNoMore();
  });

  it('leaves the page when another user has signed in', async () => {
    const { page, backend, outcome } = await write();
    const session = aSession();
    await backend.answer(ME, { ...session, user: { ...session.user, id: 'usr_9' } });
    expect(page.loaded).toEqual(['/']);
    expect(await outcome).toMatchObject({ code: 'CSRF_INVALID' });
  });

  it('leaves the refusal as it is when nobody says who is signed in', async () => {
    const { page, backend, outcome } = await write();
    await backend.cut(ME);
    expect(await outcome).toMatchObject({ code: 'CSRF_INVALID' });
    expect(page.loaded).toEqual([]);
  });
});

describe('a part of the console that an update has replaced', () => {
  const gone = new TypeError('Failed to fetch dynamically imported module: /chunk-A.js');

  beforeEach(() => {
    sessionStorage.clear();
  });

  it.each([
    [gone, true],
    [new TypeError('error loading dynamically imported module: http://localhost/chunk-A.js'), true],
    [new TypeError('Importing a module script failed.'), true],
    [new Error('Cannot match any routes.'), false],
    ['no error', false],
  ])('is told from other failures: %s', (thrown, isOne) => {
    expect(isChunkError(thrown)).toBe(isOne);
  });

  it('is loaded with the page that was asked for, once', () => {
    const { page } = start();
    const errors = TestBed.inject(ChunkErrors);
    expect(errors.reopen('/audit')).toBe(true);
    expect(errors.reopen('/audit')).toBe(false);
    expect(page.loaded).toEqual(['/audit']);
  });

  it('offers to reload where a dialog was asked for', async () => {
    const { page } = start();
    TestBed.inject(Notify).failed(gone);
    await settled();
    expect(overlay().text).toContain('Opstage was updated.');
    await overlay().click('Reload');
    expect(page.loaded).toEqual(['reload']);
  });
});
