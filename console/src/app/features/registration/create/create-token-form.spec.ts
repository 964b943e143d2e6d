import { TestBed } from '@angular/core/testing';
import type { CreatedRegistrationToken } from '#contracts';
import { aToken } from '../../../../testing/builders';
import { screenOf, signInAs, startConsole } from '../../../../testing/console';
import { CreateTokenForm } from './create-token-form';

const TOKENS = '/api/admin/registration-tokens';
const CODE = 'Agent code';
const NETWORKS = 'Allowed networks';

const secret = 'opstage_reg_secret';
const created: CreatedRegistrationToken = { ...aToken(), token: secret, rawToken: secret };

const open = async (agentCode = '') => {
  const backend = startConsole();
  await signInAs('operator', backend);
  const fixture = TestBed.createComponent(CreateTokenForm);
  fixture.componentRef.setInput('agentCode', agentCode);
  const made: CreatedRegistrationToken[] = [];
  fixture.componentInstance.created.subscribe((token) => made.push(token));
  return { backend, made, screen: await screenOf(fixture) };
};

describe('CreateTokenForm', () => {
  it('makes a token for any agent that lives an hour, unless told otherwise', async () => {
    const { backend, made, screen } = await open();
    await screen.click('Create');
    const { request } = await backend.answer(TOKENS, created, 'POST');
    expect(request.body).toEqual({ expiresInSeconds: 3_600 });
    expect(made).toEqual([created]);
  });

  it('sends what was filled in, without the white space around it', async () => {
    const { backend, screen } = await open('till-9');
    expect(screen.field(CODE).value).toBe('till-9');
    await screen.fill('Name', ' Shop ');
    await screen.choose('Expires', 'In 7 days');
    await screen.fill(NETWORKS, ' 10.0.0.0/8 \n\n fd00::/8');
    await screen.click('Create');
    expect((await backend.answer(TOKENS, created, 'POST')).request.body).toEqual({
      name: 'Shop',
      agentCode: 'till-9',
      expiresInSeconds: 604_800,
      allowedCidrs: ['10.0.0.0/8', 'fd00::/8'],
    });
  });

  it('warns of a token that never expires, and sends it as such', async () => {
    const { backend, screen } = await open();
    expect(screen.all('[role=status]')).toEqual([]);
    await screen.choose('Expires', 'Never');
    expect(screen.one('[role=status]').textContent).toContain('Until it is used or revoked');
    await screen.click('Create');
    expect((await backend.answer(TOKENS, created, 'POST')).request.body).toEqual({ expiresInSeconds: null });
  });

  it('does not send a code that no agent can have', async () => {
    const { backend, screen } = await open();
    await screen.fill(CODE, 'Till 9');
    await screen.click('Create');
    expect(screen.faultOf(CODE)).toContain('Small letters, digits');
    backend.expectNoMore();
  });

  it('says in its own words at the networks which of them cannot be', async () => {
    const { backend, made, screen } = await open();
    await screen.fill(NETWORKS, '10.0.0.0/99');
    await screen.click('Create');
    const issues = [{ path: 'allowedCidrs.0', message: 'is no network' }];
    await backend.refuse(TOKENS, 'VALIDATION_FAILED', { method: 'POST', details: { issues } });
    expect(screen.faultOf(NETWORKS)).toContain('Each line must be an address or a network');
    expect(screen.field(NETWORKS).value).toBe('10.0.0.0/99');
    expect(screen.all('[role=alert]')).toEqual([]);
    expect(made).toEqual([]);
  });

  it('says why it failed, keeps what was typed, and can be tried again', async () => {
    const { backend, made, screen } = await open();
    await screen.fill('Name', 'Shop');
    await screen.click('Create');
    expect((screen.named('Create') as HTMLButtonElement).disabled).toBe(true);
    await backend.cut(TOKENS, 'POST');
    expect(screen.one('[role=alert]').textContent).toBe('The server does not answer.');
    expect(screen.field('Name').value).toBe('Shop');
    await screen.click('Create');
    await backend.answer(TOKENS, created, 'POST');
    expect(made).toEqual([created]);
  });
});
