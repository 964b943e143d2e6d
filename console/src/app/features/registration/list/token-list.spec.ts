import type { Role } from '#contracts';
import { aToken, NOW } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, visit } from '../../../../testing/visit';
import { registrationRoutes } from '../registration.routes';

const TOKENS = '/api/admin/registration-tokens';

const open = (role: Role = 'operator', url = '/registration-tokens') =>
  visit(url, [{ path: 'registration-tokens', children: registrationRoutes }], role);

const REVOKE = 'Revoke token Shop';
const DELETE = 'Delete token Shop';

describe('TokenList', () => {
  it('tells of each token what it is for, how long it lives and who used it', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, [
      aToken({ agentCode: 'till-9' }),
      aToken({ id: 'tok_2', name: null, expiresAt: null }),
      aToken({ id: 'tok_3', status: 'USED', agentCode: 'till-7', usedByAgentId: 'agt_7' }),
    ]);
    const [first = [], second = [], third = []] = [1, 2, 3].map((nth) =>
      screen.texts(`tbody tr:nth-child(${nth}) td`).slice(0, 5),
    );
    expect(first.slice(0, 3)).toEqual(['Shop opstage_reg_abcd…', 'Active', 'till-9']);
    expect(screen.one('tbody tr:first-child td:nth-child(4) time').getAttribute('datetime')).toBe(NOW);
    expect(second).toEqual(['No name opstage_reg_abcd…', 'Active', 'any agent', 'Never', '–']);
    expect(third).toEqual(['Shop opstage_reg_abcd…', 'Used', 'till-7', '–', 'till-7']);
    expect(screen.one('tbody a').getAttribute('href')).toBe('/agents/agt_7');
  });

  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answerPage(TOKENS, [aToken()]);
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('says what a token is good for when there is none', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, []);
    expect(screen.text).toContain('No registration tokens');
    expect(screen.text).toContain('start a service with it');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(TOKENS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answerPage(TOKENS, [aToken()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('asks for what the address says, and writes there what is chosen', async () => {
    const { backend, screen } = await open('viewer', '/registration-tokens?q=shop&status=USED');
    const { request } = await backend.answerPage(TOKENS, []);
    expect(request.url).toBe(`${TOKENS}?page=1&sort=-createdAt&q=shop&status=USED`);
    expect(screen.text).toContain('Nothing matches the filters');
    await screen.choose('Status', 'Expired');
    expect(address()).toBe('/registration-tokens?q=shop&status=USED&status=EXPIRED');
  });

  it.each([
    ['ACTIVE', [REVOKE]],
    ['USED', []],
    ['EXPIRED', [DELETE]],
    ['REVOKED', [DELETE]],
  ] as const)('offers an operator what can be done to one that is %s', async (status, acts) => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, [aToken({ status })]);
    expect(screen.names('tbody button')).toEqual(acts);
    expect(screen.names()).toContain('Create a token');
  });

  it('offers a viewer nothing to do', async () => {
    const { backend, screen } = await open('viewer');
    await backend.answerPage(TOKENS, [aToken(), aToken({ id: 'tok_2', status: 'EXPIRED' })]);
    expect(screen.names('tbody button')).toEqual([]);
    expect(screen.names()).not.toContain('Create a token');
  });

  it('revokes one once that is agreed to, says so and reads again', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, [aToken()]);
    await screen.click(REVOKE);
    expect(overlay().one('[role=dialog]').textContent).toContain('No agent can register with it any more.');
    backend.expectNoMore();
    await overlay().click('Revoke', '[role=dialog] button');
    await dialogClosed();
    await backend.answer(`${TOKENS}/tok_1/revoke`, aToken({ status: 'REVOKED' }), 'POST');
    expect(overlay().text).toContain('Token Shop is revoked');
    await backend.answerPage(TOKENS, [aToken({ status: 'REVOKED' })]);
    expect(screen.one('[data-status]').dataset.status).toBe('REVOKED');
  });

  it('deletes one that is of no use any more', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, [aToken({ status: 'EXPIRED' })]);
    await screen.click(DELETE);
    await overlay().click('Delete', '[role=dialog] button');
    await dialogClosed();
    await backend.answer(`${TOKENS}/tok_1`, { done: true }, 'DELETE');
    expect(overlay().text).toContain('Token Shop is deleted');
    await backend.answerPage(TOKENS, []);
    expect(screen.all('tbody tr')).toEqual([]);
  });

  it('says why an act was refused, and reads again what is true', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(TOKENS, [aToken()]);
    await screen.click(REVOKE);
    await overlay().click('Revoke', '[role=dialog] button');
    await dialogClosed();
    const refusal = { method: 'POST', message: 'It was used meanwhile.' };
    await backend.refuse(`${TOKENS}/tok_1/revoke`, 'REGISTRATION_TOKEN_NOT_ACTIVE', refusal);
    expect(overlay().text).toContain('It was used meanwhile. (req-1)');
    await backend.answerPage(TOKENS, [aToken({ status: 'USED' })]);
    expect(screen.names('tbody button')).toEqual([]);
  });
});
