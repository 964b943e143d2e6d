import { BreakpointObserver } from '@angular/cdk/layout';
import { HttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { of } from 'rxjs';
import type { Role } from '#contracts';
import { settled } from '../../../testing/backend';
import { overlay } from '../../../testing/console';
import { address, elsewhere, until, visit } from '../../../testing/visit';
import { Shell } from './shell';

const LOGOUT = '/api/admin/auth/logout';
const AGENTS = '/api/admin/agents';

const open = (url = '/agents', role: Role = 'operator') =>
  visit(
    url,
    [
      { path: 'login', children: [elsewhere] },
      { path: '', component: Shell, children: [elsewhere] },
    ],
    role,
  );

const goOn = async (url: string): Promise<void> => {
  await TestBed.inject(Router).navigateByUrl(url);
  await settled();
};

describe('Shell', () => {
  it.each([
    ['viewer', false],
    ['operator', false],
    ['owner', true],
  ] as const)('leads %s to the pages that are theirs', async (role, seesUsers) => {
    const { screen } = await open('/agents', role);
    const users = seesUsers ? ['Users'] : [];
    const pages = ['Overview', 'Services', 'Agents', 'Commands', 'Audit', 'Registration tokens', ...users, 'Settings'];
    expect(screen.names('nav a')).toEqual(pages);
  });

  it('says where one is', async () => {
    const { screen } = await open('/agents');
    expect(screen.texts('[aria-current=page]')).toEqual(['Agents']);
    await screen.click('Overview');
    expect(screen.texts('[aria-current=page]')).toEqual(['Overview']);
  });

  it('says who one is, and leads to the own password', async () => {
    const { screen } = await open();
    await screen.click('Account');
    expect(overlay().texts('.who > *')).toEqual(['Kim', 'Operator']);
    expect(overlay().named('Change password').getAttribute('href')).toBe('/settings/account');
  });

  it('signs out, and leads to the sign-in', async () => {
    const { backend, screen } = await open();
    await screen.click('Account');
    await overlay().click('Sign out');
    await backend.answer(LOGOUT, { done: true }, 'POST');
    expect(address()).toBe('/login');
  });

  it('stays when the sign-out fails, and says why', async () => {
    const { backend, screen } = await open();
    await screen.click('Account');
    await overlay().click('Sign out');
    await backend.cut(LOGOUT, 'POST');
    expect(address()).toBe('/agents');
    expect(overlay().text).toContain('The server does not answer.');
  });

  it('switches theme and language from every page', async () => {
    const { screen } = await open();
    await screen.click('Theme');
    await overlay().click('Dark', '[role=menuitem]');
    expect(document.documentElement.dataset.theme).toBe('dark');
    await screen.click('Language');
    await overlay().click('中文', '[role=menuitem]');
    expect(screen.names('nav a')).toContain('代理');
  });

  it('puts the keyboard at the new page, but leaves it where it is when only a filter changes', async () => {
    const { screen } = await open('/agents');
    const main = screen.one('main');
    await goOn('/services');
    expect(document.activeElement).toBe(main);
    screen.named('Agents').focus();
    await goOn('/services?status=OFFLINE');
    expect(document.activeElement).toBe(screen.named('Agents'));
  });

  it('lets the keyboard skip to the page', async () => {
    const { screen } = await open();
    await screen.click('Skip to the content');
    expect(document.activeElement).toBe(screen.one('main'));
    expect(address()).toBe('/agents');
  });

  it('opens the palette by its key', async () => {
    await open();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
    await until(() => overlay().all('[role=combobox]').length > 0);
    expect(overlay().all('[role=combobox]')).toHaveLength(1);
  });

  it('leaves the page alone on a screen on a wall', async () => {
    const { screen } = await open('/?kiosk=1');
    expect(screen.one('ops-shell').className).toBe('kiosk');
    expect(screen.one('mat-sidenav').className).not.toContain('mat-drawer-opened');
    await goOn('/');
    expect(screen.one('ops-shell').className).toBe('');
    expect(screen.one('mat-sidenav').className).toContain('mat-drawer-opened');
  });

  it('has its menu behind a button on a narrow screen, and away once a page is chosen', async () => {
    const narrow: Pick<BreakpointObserver, 'observe'> = { observe: () => of({ matches: true, breakpoints: {} }) };
    TestBed.configureTestingModule({ providers: [{ provide: BreakpointObserver, useValue: narrow }] });
    const { screen } = await open();
    const isOpen = (): boolean => screen.one('mat-sidenav').className.includes('mat-drawer-opened');
    expect(isOpen()).toBe(false);
    await screen.click('Menu');
    expect(isOpen()).toBe(true);
    expect(screen.named('Menu').getAttribute('aria-expanded')).toBe('true');
    await screen.click('Services');
    expect(isOpen()).toBe(false);
  });

  it('asks once to sign in again when the session has ended, over the page that is open', async () => {
    const { backend } = await open('/agents?q=typed');
    for (let round = 0; round < 2; round += 1) {
      TestBed.inject(HttpClient)
        .get(AGENTS)
        .subscribe({ error: () => undefined });
      await backend.refuse(AGENTS, 'UNAUTHORIZED');
    }
    await until(() => overlay().all('[role=dialog]').length > 0);
    expect(overlay().texts('[role=dialog] h2')).toEqual(['Sign in again']);
    expect(address()).toBe('/agents?q=typed');
  });
});
