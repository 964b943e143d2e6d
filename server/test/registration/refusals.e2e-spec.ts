import type { AgentSummary, CapsuleService, CreateRegistrationTokenRequest, ErrorCode } from '#contracts';
import { aReportedService } from '#testing';
import { newToken, register, tokenRow } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
});

const agentCount = async (): Promise<number> =>
  (await (await app.signIn('viewer')).get('/api/admin/agents').expectPage<AgentSummary>()).pagination.total;

describe('an invalid registration token', () => {
  it.each([
    ['unknown', `opstage_reg_${'A'.repeat(43)}`],
    ['malformed', 'not a token at all'],
    ['an agent token', `opstage_agent_${'A'.repeat(43)}`],
  ])('is refused as invalid when it is %s', async (_, token) => {
    const before = await agentCount();
    await register(app, token).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    expect(await agentCount()).toBe(before);
  });

  it('is refused from the second it expires', async () => {
    const token = await (await app.signIn('operator')).createToken({ expiresInSeconds: 60 });
    app.clock.advance(60);
    await register(app, token.token).expectError(401, 'REGISTRATION_TOKEN_EXPIRED');
    await app.runMaintenance();
    await register(app, token.token).expectError(401, 'REGISTRATION_TOKEN_EXPIRED');
    expect(await tokenRow(app, token.id)).toMatchObject({ status: 'EXPIRED', usedAt: null });
  });

  it('works until it expires', async () => {
    const token = await newToken(app, { expiresInSeconds: 60 });
    app.clock.advance(59);
    await register(app, token).expectOk();
  });

  it('is refused once it was revoked', async () => {
    const operator = await app.signIn('operator');
    const { id, token } = await operator.createToken();
    await operator.post(`/api/admin/registration-tokens/${id}/revoke`).expectOk();
    await register(app, token).expectError(401, 'REGISTRATION_TOKEN_REVOKED');
  });

  it('is refused once it was used, whatever became of its agent', async () => {
    const token = await newToken(app);
    await register(app, token).expectOk();
    app.clock.advance(7200);
    await register(app, token).expectError(409, 'REGISTRATION_TOKEN_USED');
  });
});

describe('a refused registration', () => {
  it.each<[string, CreateRegistrationTokenRequest, ErrorCode, number]>([
    ['a live agent’s code', {}, 'AGENT_CODE_TAKEN', 409],
    ['a token for another agent', { agentCode: 'other' }, 'REGISTRATION_TOKEN_INVALID', 401],
    ['an address that is not allowed', { allowedCidrs: ['10.0.0.0/8', '2001:db8::/32'] }, 'ADDRESS_NOT_ALLOWED', 403],
  ])('for %s consumes no token and rotates none', async (_, request, code, status) => {
    const live = await app.enrolAgent();
    const before = await agentCount();
    const token = await (await app.signIn('operator')).createToken(request);
    await register(app, token.token, { code: live.code }).expectError(status, code);

    expect(await tokenRow(app, token.id)).toMatchObject({ status: 'ACTIVE', usedAt: null, usedByAgentId: null });
    await live.heartbeat().expectOk();
    expect(await app.auditEvents('agent.token.rotated')).toEqual([]);
    expect(await agentCount()).toBe(before);
  });

  it('for a live agent’s service creates no agent and leaves the token usable', async () => {
    const owner = await app.enrolAgent();
    const service = await owner.reportService(aReportedService());
    const before = await agentCount();
    const token = await (await app.signIn('operator')).createToken();
    const taken = aReportedService({ code: service.code, name: 'Mine now' });
    await register(app, token.token, {}, taken).expectError(409, 'CAPSULE_SERVICE_CODE_TAKEN');

    expect(await agentCount()).toBe(before);
    expect(await tokenRow(app, token.id)).toMatchObject({ status: 'ACTIVE', usedByAgentId: null });
    const viewer = await app.signIn('viewer');
    const kept = await viewer.get(`/api/admin/capsule-services/${service.id}`).expectOk<CapsuleService>();
    expect(kept).toMatchObject({ name: 'A service', agentId: owner.id });
    await register(app, token.token, {}, aReportedService()).expectOk();
  });

  it('is audited with the requested code when the token exists', async () => {
    // Refusals are sampled: this one is the first of its minute.
    app.clock.advance(61);
    const token = await newToken(app);
    await register(app, token).expectOk();
    await register(app, token, { code: 'late' }).expectError(409, 'REGISTRATION_TOKEN_USED');
    const [event] = await app.auditEvents('registration.rejected');
    expect(event?.metadata).toMatchObject({ agentCode: 'late', errorCode: 'REGISTRATION_TOKEN_USED' });
  });

  it('is audited with the reason, but without the token or anything else that a stranger sent', async () => {
    app.clock.advance(61);
    const token = `opstage_reg_${'B'.repeat(43)}`;
    await register(app, token, { code: 'stranger' }).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    const [event] = await app.auditEvents('registration.rejected');
    expect(event).toMatchObject({
      actorType: 'AGENT',
      actorId: null,
      targetType: 'Agent',
      targetId: null,
      result: 'FAILURE',
      metadata: { agentCode: null, errorCode: 'REGISTRATION_TOKEN_INVALID' },
    });
    expect(JSON.stringify(event)).not.toContain(token);
  });
});

describe('the networks of a token', () => {
  it.each([['127.0.0.1'], ['127.0.0.0/8'], ['10.0.0.0/8', '127.0.0.1/32']])(
    'admit addresses in %s',
    async (...cidrs) => {
      await register(app, await newToken(app, { allowedCidrs: cidrs })).expectOk();
    },
  );
});
