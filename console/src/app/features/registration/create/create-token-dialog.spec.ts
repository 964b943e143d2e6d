import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { Role } from '#contracts';
import { settled } from '../../../../testing/backend';
import { aToken } from '../../../../testing/builders';
import { fakeClipboard } from '../../../../testing/clipboard';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, refreshed, until, visit } from '../../../../testing/visit';
import { registrationRoutes } from '../registration.routes';

const TOKENS = '/api/admin/registration-tokens';
const PAGE = '/registration-tokens';
const secret = 'opstage_reg_shown-once';

const open = async (url: string, role: Role = 'operator') => {
  const visited = await visit(url, [{ path: 'registration-tokens', children: registrationRoutes }], role);
  await visited.backend.answerPage(TOKENS, []);
  return visited;
};

const openCreated = async () => {
  const copied = fakeClipboard();
  const visited = await open(`${PAGE}?create=1&agentCode=till-9`);
  await overlay().click('Create');
  const row = aToken({ agentCode: 'till-9' });
  await visited.backend.answer(TOKENS, { ...row, token: secret, rawToken: secret }, 'POST');
  await visited.backend.answerPage(TOKENS, [row]);
  await visited.backend.answer('/sdk/index.json', { recommended: 'opstage-agent-1.2.3.tgz' });
  return { ...visited, copied };
};

/** Closes the dialog that shows the token, and agrees that it will not be shown again. */
const close = async (): Promise<void> => {
  await overlay().click('Close');
  await overlay().click('Close', '[role=dialog]:has(ops-confirm-dialog) button');
  await dialogClosed();
};

describe('CreateTokenDialog', () => {
  it('is opened by the button, and is then in the address', async () => {
    const { screen } = await open(PAGE);
    await screen.click('Create a token');
    expect(address()).toBe(`${PAGE}?create=1`);
    expect(overlay().one('h2').textContent).toBe('New registration token');
  });

  it('is opened by its address, with the agent filled in', async () => {
    await open(`${PAGE}?create=1&agentCode=till-9`);
    expect(overlay().field('Agent code').value).toBe('till-9');
  });

  it('is not there for a viewer, whatever the address says', async () => {
    await open(`${PAGE}?create=1`, 'viewer');
    expect(overlay().all('[role=dialog]')).toEqual([]);
  });

  it('is closed by Cancel, and leaves the address', async () => {
    await open(`${PAGE}?create=1&agentCode=till-9`);
    await overlay().click('Cancel');
    await dialogClosed();
    await until(() => address() === PAGE);
  });

  it('is closed when the address no longer asks for it', async () => {
    await open(`${PAGE}?create=1`);
    await TestBed.inject(Router).navigateByUrl(PAGE);
    await settled();
    await dialogClosed();
    expect(address()).toBe(PAGE);
  });

  it('shows the token, to copy, with what to paste', async () => {
    const { copied } = await openCreated();
    expect(overlay().one('h2').textContent).toBe('Your registration token');
    expect(overlay().one('.secret code').textContent).toBe(secret);
    expect(overlay().text).toContain('It is shown this once');
    overlay().one('.secret button').click();
    await settled();
    expect(copied).toEqual([secret]);
    for (const tab of ['Node SDK', 'Python', 'curl']) {
      await overlay().click(tab, '[role=tab]');
      expect(overlay().one('.mat-mdc-tab-body-active pre').textContent).toContain(secret);
      expect(overlay().one('.mat-mdc-tab-body-active pre').textContent).toContain('till-9');
    }
  });

  it('waits for the agent, and leads to it when it has registered', async () => {
    const { backend } = await openCreated();
    expect(overlay().one('.wait').textContent).toContain('Waiting for the agent…');
    await refreshed();
    await backend.answerPage(TOKENS, [aToken({ status: 'USED', usedByAgentId: 'agt_7' })]);
    expect(overlay().one('.wait').textContent).toContain('The agent is registered.');
    expect(overlay().named('Open the agent').getAttribute('href')).toBe('/agents/agt_7');
  });

  it.each([
    ['EXPIRED', 'The token expired before an agent used it.'],
    ['REVOKED', 'The token was revoked.'],
  ] as const)('stops waiting when the token is %s', async (status, text) => {
    const { backend } = await openCreated();
    await refreshed();
    await backend.answerPage(TOKENS, [aToken({ status })]);
    expect(overlay().one('.wait').textContent.trim()).toBe(text);
    expect(overlay().all('mat-progress-bar')).toEqual([]);
  });

  it('asks before it forgets a token that could still be needed', async () => {
    await openCreated();
    await overlay().click('Close');
    expect(overlay().text).toContain('Have you copied the token?');
    await overlay().click('Cancel');
    await until(() => overlay().all('ops-confirm-dialog').length === 0);
    expect(overlay().one('.secret code').textContent).toBe(secret);
  });

  it('asks as well before the page is left for another, and stays when that is refused', async () => {
    await openCreated();
    const leaving = TestBed.inject(Router).navigateByUrl('/agents');
    await settled();
    expect(overlay().text).toContain('Have you copied the token?');
    await overlay().click('Cancel', '[role=dialog]:has(ops-confirm-dialog) button');
    expect(await leaving).toBe(false);
    expect(overlay().one('.secret code').textContent).toBe(secret);
  });

  it('asks as well when it is closed by Escape', async () => {
    await openCreated();
    await overlay().press('Escape', overlay().one('[role=dialog]'));
    expect(overlay().text).toContain('Have you copied the token?');
  });

  it('forgets a token that is used up without asking', async () => {
    const { backend } = await openCreated();
    await refreshed();
    await backend.answerPage(TOKENS, [aToken({ status: 'USED', usedByAgentId: 'agt_7' })]);
    await overlay().click('Close');
    await dialogClosed();
    await until(() => address() === PAGE);
  });

  it('shows the token once: closed and opened again it asks for the next one', async () => {
    const { screen } = await openCreated();
    await close();
    await until(() => address() === PAGE);
    expect(document.body.innerHTML).not.toContain(secret);
    await screen.click('Create a token');
    expect(overlay().one('h2').textContent).toBe('New registration token');
    expect(overlay().field('Agent code').value).toBe('');
    expect(document.body.innerHTML).not.toContain(secret);
  });
});
