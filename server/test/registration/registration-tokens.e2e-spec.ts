import type { CreatedRegistrationToken, RegistrationToken } from '#contracts';
import type { TestOperator } from '#testing';
import { aText, anId, anInstant } from '../support/matchers.js';
import { issuePaths } from '../support/refusal.js';
import { register, tokenRow } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const TOKENS = '/api/admin/registration-tokens';

let app: TestApp;
let operator: TestOperator;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
  operator = await app.signIn('operator');
});

const secondsToLive = ({ expiresAt }: RegistrationToken): number =>
  Math.round((Date.parse(expiresAt!) - app.clock.now().getTime()) / 1000);

describe('creating a registration token', () => {
  it('returns the row and, only this once, the plaintext under both names', async () => {
    const request = { name: 'For CI', expiresInSeconds: 600, agentCode: 'ci', allowedCidrs: ['10.0.0.0/8', '::1'] };
    const answer = await operator.post(TOKENS, request);
    const created = answer.data<CreatedRegistrationToken>();
    expect(answer.json()).toEqual({
      success: true,
      data: {
        id: anId('tok'),
        name: 'For CI',
        token: aText(/^opstage_reg_[\w-]{43}$/),
        rawToken: created.token,
        tokenPrefix: created.token.slice(0, 18),
        status: 'ACTIVE',
        agentCode: 'ci',
        allowedCidrs: ['10.0.0.0/8', '::1'],
        createdByUserId: operator.session.user.id,
        createdAt: anInstant(),
        expiresAt: anInstant(),
        usedAt: null,
        usedByAgentId: null,
        revokedAt: null,
      },
    });
    expect(secondsToLive(created)).toBeCloseTo(600, -1);
    const { token, rawToken, ...row } = created;
    expect(await tokenRow(app, created.id)).toEqual(row);
  });

  it('makes it valid for an hour by default, and forever on request', async () => {
    expect(secondsToLive(await operator.createToken())).toBeCloseTo(3600, -1);
    const forEver = await operator.createToken({ expiresInSeconds: null });
    expect(forEver.expiresAt).toBeNull();
    const other = await startTestApp();
    const { token } = await (await other.signIn('operator')).createToken({ expiresInSeconds: null });
    other.clock.advance(7 * 3600);
    await other.runMaintenance();
    await register(other, token).expectOk();
  });

  it.each([
    ['less than a minute', { expiresInSeconds: 59 }, 'expiresInSeconds'],
    ['a fraction of a second', { expiresInSeconds: 90.5 }, 'expiresInSeconds'],
    ['a string for seconds', { expiresInSeconds: '600' }, 'expiresInSeconds'],
    ['an agent code in capitals', { agentCode: 'CI' }, 'agentCode'],
    ['an invalid network', { allowedCidrs: ['10.0.0.0/33'] }, 'allowedCidrs'],
    ['an empty name', { name: '' }, 'name'],
    ['an unknown field', { secret: 'x' }, 'secret'],
  ])('refuses %s', async (_, request, path) => {
    expect(issuePaths(await operator.post(TOKENS, request))).toEqual([path]);
  });

  it('is audited with its creator, and the plaintext is stored nowhere', async () => {
    const { token, id } = await operator.createToken({ name: 'Audited', agentCode: 'audited' });
    await register(app, token, { code: 'audited' }).expectOk();
    const [event] = (await app.auditEvents('registration_token.created')).filter(({ targetId }) => targetId === id);
    expect(event).toMatchObject({
      actorType: 'USER',
      actorId: operator.session.user.id,
      targetType: 'RegistrationToken',
      metadata: { name: 'Audited', agentCode: 'audited', expiresAt: anInstant(), allowedCidrs: [] },
    });
    expect(await storedText(app)).not.toContain(token);
    expect((await operator.get('/api/admin/audit-events/export?format=csv')).text).not.toContain(token);
    expect((await operator.get(`${TOKENS}?pageSize=100`)).text).not.toContain(token);
  });
});

describe('revoking a registration token', () => {
  it('is audited once, however often it is repeated', async () => {
    const { id } = await operator.createToken();
    const first = await operator.post(`${TOKENS}/${id}/revoke`).expectOk<RegistrationToken>();
    expect(first).toMatchObject({ id, status: 'REVOKED', revokedAt: anInstant() });
    expect(await operator.post(`${TOKENS}/${id}/revoke`).expectOk<RegistrationToken>()).toEqual(first);
    const events = (await app.auditEvents('registration_token.revoked')).filter(({ targetId }) => targetId === id);
    expect(events).toMatchObject([{ actorType: 'USER', actorId: operator.session.user.id }]);
  });

  it('is refused for a used or expired token', async () => {
    const used = await operator.createToken();
    await register(app, used.token).expectOk();
    await operator.post(`${TOKENS}/${used.id}/revoke`).expectError(409, 'REGISTRATION_TOKEN_NOT_ACTIVE');
    const expired = await operator.createToken({ expiresInSeconds: 60 });
    app.clock.advance(61);
    await operator.post(`${TOKENS}/${expired.id}/revoke`).expectError(409, 'REGISTRATION_TOKEN_NOT_ACTIVE');
    await operator.post(`${TOKENS}/tok_none/revoke`).expectError(404, 'REGISTRATION_TOKEN_NOT_FOUND');
  });
});

describe('deleting a registration token', () => {
  it('is for revoked and expired tokens, and is audited', async () => {
    const revoked = await operator.createToken({ name: 'Revoked' });
    await operator.post(`${TOKENS}/${revoked.id}/revoke`).expectOk();
    const expired = await operator.createToken({ name: 'Expired', expiresInSeconds: 60 });
    app.clock.advance(61);
    for (const { id } of [revoked, expired]) {
      expect(await operator.delete(`${TOKENS}/${id}`).expectOk()).toEqual({ done: true });
      await operator.delete(`${TOKENS}/${id}`).expectError(404, 'REGISTRATION_TOKEN_NOT_FOUND');
    }
    expect((await app.auditEvents('registration_token.deleted')).slice(0, 2)).toMatchObject([
      { actorId: operator.session.user.id, targetId: expired.id, metadata: { name: 'Expired' } },
      { actorId: operator.session.user.id, targetId: revoked.id, metadata: { name: 'Revoked' } },
    ]);
  });

  it('is refused for an active or used token', async () => {
    const { id, token } = await operator.createToken();
    await operator.delete(`${TOKENS}/${id}`).expectError(409, 'REGISTRATION_TOKEN_NOT_DELETABLE');
    await register(app, token).expectOk();
    await operator.delete(`${TOKENS}/${id}`).expectError(409, 'REGISTRATION_TOKEN_NOT_DELETABLE');
  });

  it('happens once when requested twice at the same time', async () => {
    const { id } = await operator.createToken();
    await operator.post(`${TOKENS}/${id}/revoke`).expectOk();
    const answers = await Promise.all([operator.delete(`${TOKENS}/${id}`), operator.delete(`${TOKENS}/${id}`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    const events = (await app.auditEvents('registration_token.deleted')).filter(({ targetId }) => targetId === id);
    expect(events).toHaveLength(1);
  });
});

describe('the expiry of a registration token', () => {
  it('is audited once, with the server as actor and the token as target', async () => {
    const { id } = await operator.createToken({ name: 'Forgotten', expiresInSeconds: 60 });
    app.clock.advance(61);
    expect((await tokenRow(app, id)).status).toBe('EXPIRED');
    await app.runMaintenance();
    await app.runMaintenance();
    const events = await app.auditEvents('system.registration_token.expired');
    expect(events.filter(({ targetId }) => targetId === id)).toMatchObject([
      { actorType: 'SYSTEM', actorId: 'system', targetType: 'RegistrationToken', metadata: { name: 'Forgotten' } },
    ]);
  });
});
