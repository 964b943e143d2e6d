import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, note } from './checks.mjs';

const FIRST_START_MS = 10 * 60_000;
const START_MS = 30_000;
const READY = /is ready at (\S+)/;
const PASSWORD = /with password (\S+)/;

/** Waits for a server that was just started; answers with it and how long that took. */
export const untilReady = async (installation, server, timeoutMs = START_MS) => {
  const start = Date.now();
  await server.prints(READY, timeoutMs);
  const { status, database } = await installation.anybody.get('/health');
  assert.deepEqual({ status, database: database.status }, { status: 'UP', database: 'UP' });
  return Date.now() - start;
};

const assertPrivate = (installation) => {
  const open = installation.storedFiles().filter(({ isFolder, mode }) => mode !== (isFolder ? '700' : '600'));
  assert.deepEqual(open, []);
};

const secretOf = ({ dataDir }) => readFileSync(join(dataDir, 'session-secret'), 'utf8').trim();

const firstStart = async (installation) => {
  const server = installation.startServer();
  await check('the first start installs and builds what it must and gets healthy', () =>
    untilReady(installation, server, FIRST_START_MS),
  );
  installation.password = await check('it prints the password of the first owner, once', () => {
    const found = server.output.match(new RegExp(PASSWORD, 'g')) ?? [];
    assert.equal(found.length, 1, server.output);
    return PASSWORD.exec(server.output)[1];
  });
  await check('it says where to go next', () => {
    assert.ok(server.output.includes(installation.url) && server.output.includes('/api/docs'), server.output);
  });
  await check('it makes the data directory, the database and the secret, for their owner only', () => {
    assertPrivate(installation);
    assert.ok(secretOf(installation).length >= 32);
    assert.ok(installation.storedFiles().some(({ path }) => path.endsWith('opstage.db')));
  });
  installation.secrets.add(secretOf(installation));
  await check('SIGTERM ends it with code 0', async () => assert.equal(await server.end(), 0));
};

const secondStart = async (installation) => {
  const server = installation.startServer();
  const tookMs = await check('the second start gets healthy', () => untilReady(installation, server));
  note(`after ${tookMs} ms`);
  await check('it has nothing to install or build and says nothing secret', () => {
    assert.doesNotMatch(server.output, /installing|building|password/i);
    for (const secret of [...installation.secrets, installation.password]) assert.ok(!server.output.includes(secret));
  });
  return server;
};

/** Starts an installation for the first and the second time; answers with the server that then runs. */
export const firstAndSecondStart = async (installation) => {
  await firstStart(installation);
  return secondStart(installation);
};

/** Whether everything in the data directory is still for its owner only. */
export const stillPrivate = (installation) =>
  check('everything in the data directory is still for its owner only', () => assertPrivate(installation));
