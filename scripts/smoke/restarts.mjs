import assert from 'node:assert/strict';
import { check } from './checks.mjs';
import { DemoService, storedAgentToken } from './demo-service.mjs';
import { untilReady } from './first-start.mjs';

const registrationsOf = async (owner) => {
  const tokens = await owner.get('/api/admin/registration-tokens?pageSize=100');
  const events = await owner.get('/api/admin/audit-events?pageSize=100&action=agent.registered');
  return { tokens: tokens.length, registrations: events.length };
};

const serverRestarts = async (installation, server, owner, service) => {
  await check('the server ends with code 0 while the demo runs', async () => assert.equal(await server.end(), 0));
  const next = installation.startServer({ NODE_ENV: 'production' });
  await check('it starts again, for production', () => untilReady(installation, next));
  await check('nobody was signed out', async () => {
    const { user } = await owner.get('/api/admin/auth/me');
    assert.equal(user.username, 'admin');
  });
  await check('the demo comes back by itself', () => service.echoOnceBack());
  return next;
};

const demoRestarts = async (installation, demo, owner) => {
  const before = { ...(await registrationsOf(owner)), stored: storedAgentToken(installation) };
  await check('the demo ends with code 0', async () => assert.equal(await demo.end(), 0));
  const next = installation.startDemo();
  await check('it starts again with its stored token, without another registration', async () => {
    await next.prints(/Connected to the server/);
    await (await DemoService.find(owner)).echoOnceBack();
    assert.deepEqual({ ...(await registrationsOf(owner)), stored: storedAgentToken(installation) }, before);
  });
  return next;
};

/** Restarts the server under the demo, then the demo; answers with both as they then run. */
export const restarts = async (installation, { server, demo, owner, service }) => ({
  server: await serverRestarts(installation, server, owner, service),
  demo: await demoRestarts(installation, demo, owner),
});
