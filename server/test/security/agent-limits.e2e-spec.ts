import { anAgentDescription, aReportedService } from '#testing';
import { startTestApp } from '../support/start-test-app.js';

const PER_SECOND = 2;
const AT_ONCE = 20;

describe('the rate limit of an agent (ASVS 5.0 2.4.1)', () => {
  const start = async () => {
    const app = await startTestApp({ config: { agentRequestsPerSecond: PER_SECOND } });
    app.clock.stop();
    return app;
  };

  it('refuses further calls with Retry-After on all of its routes, without affecting other agents', async () => {
    const app = await start();
    const [wild, calm] = [await app.enrolAgent(), await app.enrolAgent()];
    for (let i = 0; i < AT_ONCE; i += 1) await wild.heartbeat().expectOk();
    const refused = await wild.heartbeat();
    refused.error(429, 'RATE_LIMITED');
    expect(refused.headers.get('retry-after')).toBe('1');
    await wild.report([aReportedService()]).expectError(429, 'RATE_LIMITED');
    await wild.request('GET', '/commands').expectError(429, 'RATE_LIMITED');
    await wild.progress('cmd_1').expectError(429, 'RATE_LIMITED');
    await wild.complete('cmd_1', { success: true }).expectError(429, 'RATE_LIMITED');
    await calm.heartbeat().expectOk();
    app.clock.advance(1);
    for (let i = 0; i < PER_SECOND; i += 1) await wild.heartbeat().expectOk();
    await wild.heartbeat().expectError(429, 'RATE_LIMITED');
  });

  it('also counts the size of what the agent sends', async () => {
    const app = await start();
    const agent = await app.enrolAgent();
    const manifest = { kind: 'CapsuleService' as const, schemaVersion: '1.0', code: 'big', name: 'Big' };
    const big = aReportedService({ code: 'big', manifest: { ...manifest, text: 'x'.repeat(130_000) } });
    for (let i = 0; i < 6; i += 1) await agent.reportService(big);
    await agent.report([big]).expectError(429, 'RATE_LIMITED');
    await agent.heartbeat().expectOk();
  });

  it('can be switched off', async () => {
    const app = await startTestApp({ config: { agentRequestsPerSecond: 0 } });
    const agent = await app.enrolAgent();
    for (let i = 0; i < AT_ONCE + 5; i += 1) await agent.heartbeat().expectOk();
  });
});

describe('guessing registration tokens (ASVS 5.0 6.3.1)', () => {
  it('is limited by address, while a fleet with valid tokens behind one address is not', async () => {
    const app = await startTestApp({ config: { trustProxy: ['loopback'] } });
    app.clock.stop();
    const operator = await app.signIn('operator');
    const register = (registrationToken: string, address: string) =>
      app.api.post(
        '/api/agents/register',
        { registrationToken, agent: anAgentDescription() },
        { headers: { 'x-forwarded-for': address } },
      );
    for (let i = 0; i < 70; i += 1) {
      const { token } = await operator.createToken();
      await register(token, '192.0.2.1').expectOk();
    }
    for (let i = 0; i < 60; i += 1)
      await register('opstage_reg_guessed', '192.0.2.1').expectError(401, 'REGISTRATION_TOKEN_INVALID');
    const { token } = await operator.createToken();
    const refused = await register('opstage_reg_guessed', '192.0.2.1');
    refused.error(429, 'RATE_LIMITED');
    expect(refused.headers.get('retry-after')).toBe('1');
    await register('opstage_reg_guessed', '192.0.2.2').expectError(401, 'REGISTRATION_TOKEN_INVALID');
    await register(token, '192.0.2.1').expectOk();
    // It exists, so it is looked at, but using it again is refused like a guess.
    await register(token, '192.0.2.1').expectError(429, 'RATE_LIMITED');
    app.clock.advance(1);
    await register(token, '192.0.2.1').expectError(409, 'REGISTRATION_TOKEN_USED');
  });
});
