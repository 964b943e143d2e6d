import type { AuditAction } from '#contracts';
import { anAgentDescription } from '#testing';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const UNKNOWN_AGENT = '/api/agents/agt_01ARZ3NDEKTSV4RRFFQ69G5FAV/heartbeat';

/** Ways to be refused, each from an address that the proxy reports. */
const REFUSALS: readonly [AuditAction, (app: TestApp, address: string) => Promise<void>][] = [
  [
    'agent_token.rejected',
    async (app, address) => {
      const headers = { authorization: 'Bearer opstage_agent_stolen', 'x-forwarded-for': address };
      await app.api.post(UNKNOWN_AGENT, {}, { headers }).expectError(401, 'UNAUTHORIZED');
    },
  ],
  [
    'registration.rejected',
    async (app, address) => {
      const body = { registrationToken: 'opstage_reg_guessed', agent: anAgentDescription() };
      const call = app.api.post('/api/agents/register', body, { headers: { 'x-forwarded-for': address } });
      await call.expectError(401, 'REGISTRATION_TOKEN_INVALID');
    },
  ],
  [
    'access.denied',
    async (app, address) => {
      const viewer = await app.signIn('viewer');
      const call = viewer.get('/api/admin/users', { headers: { 'x-forwarded-for': address } });
      await call.expectError(403, 'FORBIDDEN');
    },
  ],
];

describe.each(REFUSALS)('%s', (action, beRefused) => {
  const suppressedOf = async (app: TestApp): Promise<unknown[]> =>
    (await app.auditEvents(action)).map(({ metadata }) => metadata.suppressedSinceLast);

  it('is audited at most once a minute, with the number of suppressed events', async () => {
    const app = await startTestApp({ config: { trustProxy: 1 } });
    for (let i = 0; i < 5; i += 1) await beRefused(app, '192.0.2.1');
    expect(await suppressedOf(app)).toEqual([0]);
    app.clock.advance(55);
    await beRefused(app, '192.0.2.1');
    expect(await suppressedOf(app)).toEqual([0]);
    app.clock.advance(6);
    await beRefused(app, '192.0.2.1');
    await beRefused(app, '192.0.2.1');
    expect(await suppressedOf(app)).toEqual([5, 0]);
    const [event] = await app.auditEvents(action);
    expect(event).toMatchObject({ result: 'FAILURE', ipAddress: '192.0.2.1' });
  });

  it('is audited per source', async () => {
    const app = await startTestApp({ config: { trustProxy: 1 } });
    await beRefused(app, '192.0.2.1');
    await beRefused(app, '192.0.2.2');
    await beRefused(app, '192.0.2.1');
    expect((await app.auditEvents(action)).map(({ ipAddress }) => ipAddress)).toEqual(['192.0.2.2', '192.0.2.1']);
  });

  it('is audited once when many arrive at the same time', async () => {
    const app = await startTestApp({ config: { trustProxy: 1 } });
    await app.signIn('viewer');
    await Promise.all(Array.from({ length: 20 }, () => beRefused(app, '192.0.2.1')));
    expect(await suppressedOf(app)).toEqual([0]);
  });
});

describe('access.denied', () => {
  it('says who was refused what, and why', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.get('/api/admin/users?q=x').expectError(403, 'FORBIDDEN');
    const [event] = await app.auditEvents('access.denied');
    expect(event).toMatchObject({
      actorType: 'USER',
      actorId: viewer.session.user.id,
      actorName: 'viewer',
      targetType: 'User',
      targetId: viewer.session.user.id,
      metadata: { reason: 'role', method: 'GET', path: '/api/admin/users' },
    });
  });

  it('is audited for a missing CSRF token too', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    const headers = { 'x-csrf-token': 'none' };
    await viewer.request('POST', '/api/admin/auth/logout', { headers }).expectError(403, 'CSRF_INVALID');
    const [event] = await app.auditEvents('access.denied');
    expect(event?.metadata).toMatchObject({ reason: 'CSRF', method: 'POST', path: '/api/admin/auth/logout' });
  });
});
