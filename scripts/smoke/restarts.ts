import assert from 'node:assert/strict';
import type { AuditEvent, RegistrationToken, SessionInfo } from '#contracts';
import type { Program, TestOperator } from '#testing';
import { check } from './checks.js';
import { echo } from './demo-service.js';
import type { Installation } from './installation.js';

const CONNECTED = /Connected to the server/;

/** The demo beside a running server: enrols itself and runs an action. */
export const enrolDemo = async (installation: Installation, owner: TestOperator): Promise<Program> => {
  const demo = installation.startDemo();
  await check('the demo enrols itself and runs an action', () => echo(owner));
  await check('it keeps its token and journal in files for their owner only, and prints no token', () => {
    assert.equal(installation.agentCredential.agentCode, 'demo-agent');
    installation.assertPrivate();
    assert.doesNotMatch(demo.output, /opstage_(reg|agent)_\w{8}/);
  });
  return demo;
};

/** Restarts the server for production while the demo runs; returns the new one. */
export const restartServer = async (
  installation: Installation,
  server: Program,
  owner: TestOperator,
): Promise<Program> => {
  await check('the server ends with code 0 while the demo runs', async () => {
    assert.equal(await server.stop(), 0);
  });
  const next = installation.startServer({ NODE_ENV: 'production' });
  await check('it starts again, for production', () => installation.ready(next));
  await check('the owner is still signed in', async () => {
    const { user } = await owner.get('/api/admin/auth/me').expectOk<SessionInfo>();
    assert.equal(user.username, 'admin');
  });
  await check('the demo reconnects by itself', () => echo(owner));
  return next;
};

const registrations = async (installation: Installation, owner: TestOperator) => {
  const tokens = await owner.get('/api/admin/registration-tokens').expectPage<RegistrationToken>();
  const events = await owner.get('/api/admin/audit-events?action=agent.registered').expectPage<AuditEvent>();
  return [tokens.pagination.total, events.pagination.total, installation.agentCredential];
};

/** Restarts the demo; returns the new one. */
export const restartDemo = async (installation: Installation, demo: Program, owner: TestOperator): Promise<Program> => {
  const before = await registrations(installation, owner);
  await check('the demo ends with code 0', async () => {
    assert.equal(await demo.stop(), 0);
  });
  const next = installation.startDemo();
  await check('it starts again with its stored token, without another registration', async () => {
    await next.prints(CONNECTED);
    await echo(owner);
    assert.deepEqual(await registrations(installation, owner), before);
  });
  return next;
};
