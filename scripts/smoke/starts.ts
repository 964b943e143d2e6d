import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '#testing';
import { check, note } from './checks.js';
import type { Installation } from './installation.js';

const FIRST_START_TIMEOUT_MS = 10 * 60_000;
const PASSWORD = /with password (\S+)/g;

/** The first start of an installation, ended with SIGTERM. */
export const firstStart = async (installation: Installation): Promise<void> => {
  const server = installation.startServer();
  await check('it prepares what is missing and becomes healthy', () =>
    installation.ready(server, FIRST_START_TIMEOUT_MS),
  );
  installation.password = await check('it prints the password of the first owner, once', () => {
    const [[, password = ''] = [], ...others] = server.output.matchAll(PASSWORD);
    assert.deepEqual([password === '', others.length], [false, 0], server.output);
    return password;
  });
  await check('it says where to go next', () => {
    assert.ok(server.output.includes(installation.url) && server.output.includes('/api/docs'), server.output);
  });
  await check('it creates the data directory, the database and the secret, for their owner only', () => {
    installation.assertPrivate();
    assert.ok(installation.sessionSecret.length >= 32);
    assert.ok(existsSync(join(installation.dataDir, 'opstage.db')));
  });
  await check('SIGTERM ends it with code 0', async () => {
    assert.equal(await server.stop(), 0);
  });
};

/** A start of the same installation with nothing to prepare; returns the running server. */
export const secondStart = async (installation: Installation): Promise<Program> => {
  const begin = performance.now();
  const server = installation.startServer();
  await check('it becomes healthy', () => installation.ready(server));
  note(`after ${Math.round(performance.now() - begin)} ms`);
  await check('it has nothing to install or build and prints no secret', () => {
    assert.doesNotMatch(server.output, /installing|building|password/i);
    for (const secret of [installation.password, installation.sessionSecret])
      assert.ok(!server.output.includes(secret));
  });
  return server;
};
