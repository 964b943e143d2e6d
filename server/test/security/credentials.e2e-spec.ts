import type { AgentDetail, SessionInfo } from '#contracts';
import { sharedTestApp } from '../support/start-test-app.js';

const ME = '/api/admin/auth/me';

describe('a credential', () => {
  it('is ignored in the query', async () => {
    const app = await sharedTestApp();
    const { id, token } = await app.enrolAgent();
    await app.api.get(`/api/agents/${id}/commands?access_token=${token}`).expectError(401, 'UNAUTHORIZED');
    await app.api.post(`/api/agents/${id}/heartbeat?access_token=${token}`, {}).expectError(401, 'UNAUTHORIZED');
    await app.api.get(`${ME}?access_token=${token}`).expectError(401, 'UNAUTHORIZED');
    const { cookie } = await app.signIn('owner');
    await app.api.get(`${ME}?${cookie}`).expectError(401, 'UNAUTHORIZED');
  });

  it('is ignored in the body', async () => {
    const app = await sharedTestApp();
    const { id, token } = await app.enrolAgent();
    const body = { access_token: token, authorization: `Bearer ${token}` };
    await app.api.post(`/api/agents/${id}/heartbeat`, body).expectError(401, 'UNAUTHORIZED');
    await app.api.post('/api/admin/auth/logout', body).expectError(401, 'UNAUTHORIZED');
  });

  it('in the header still works when the query or body has a field of that name', async () => {
    const app = await sharedTestApp();
    const agent = await app.enrolAgent();
    const body = { access_token: 'something of the agent’s own' };
    await agent.request('POST', '/heartbeat?access_token=x', { body }).expectOk();
  });

  it.each(['bearer', 'BEARER', 'Bearer'])('is accepted with the scheme "%s", in any case', async (scheme) => {
    const app = await sharedTestApp();
    const agent = await app.enrolAgent();
    await agent.request('POST', '/heartbeat', { headers: { authorization: `${scheme} ${agent.token}` } }).expectOk();
  });

  it('that is missing is answered with the scheme to use', async () => {
    const app = await sharedTestApp();
    const { id } = await app.enrolAgent();
    const refused = await app.api.post(`/api/agents/${id}/heartbeat`, {});
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="opstage"');
    expect((await app.api.get(ME)).headers.get('www-authenticate')).toBeNull();
  });

  it('of an agent must be an agent token, not a registration token or a session', async () => {
    const app = await sharedTestApp();
    const { id } = await app.enrolAgent();
    const operator = await app.signIn('operator');
    const { token } = await operator.createToken();
    const session = decodeURIComponent(operator.cookie.split('=')[1]!);
    for (const credential of [
      token,
      session,
      session.replace(/^s:/, ''),
      'opstage_agent_',
      `opstage_agent_${'x'.repeat(43)}`,
    ]) {
      const headers = { authorization: `Bearer ${credential}` };
      await app.api.post(`/api/agents/${id}/heartbeat`, {}, { headers }).expectError(401, 'UNAUTHORIZED');
    }
  });

  it('of an agent does not work as a session cookie', async () => {
    const app = await sharedTestApp();
    const { token } = await app.enrolAgent();
    for (const cookie of [
      `opstage_session=${token}`,
      `opstage_session=s:${token}`,
      `opstage_session=s:${token}.${token}`,
    ]) {
      await app.api.get(ME, { headers: { cookie } }).expectError(401, 'UNAUTHORIZED');
    }
  });

  it('of each kind works on its own routes when both are sent', async () => {
    const app = await sharedTestApp();
    const agent = await app.enrolAgent();
    const operator = await app.signIn('viewer');
    const headers = { cookie: operator.cookie, authorization: `Bearer ${agent.token}` };
    const { user } = await app.api.get(ME, { headers }).expectOk<SessionInfo>();
    expect(user.role).toBe('viewer');
    await app.api.post(`/api/agents/${agent.id}/heartbeat`, {}, { headers }).expectOk();
    await app.api
      .post(
        `/api/admin/agents/${agent.id}/revoke`,
        {},
        { headers: { ...headers, 'x-csrf-token': operator.session.csrfToken } },
      )
      .expectError(403, 'FORBIDDEN');
    expect((await operator.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>()).status).toBe('ONLINE');
  });
});
