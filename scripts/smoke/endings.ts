import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { check } from './checks.js';
import { echo } from './demo-service.js';
import type { Installation } from './installation.js';

/** Starts that fail: invalid settings, and a port that is taken. */
export const failedStarts = async (installation: Installation): Promise<void> => {
  await check('invalid settings end the start with code 78 and one line per fault', async () => {
    const program = installation.startServer({ OPSTAGE_PORT: 'eighty', OPSTAGE_LOG_LEVEL: 'loud' });
    assert.equal(await program.exited, 78);
    const names = program.output
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    assert.deepEqual(names, ['OPSTAGE_PORT', 'OPSTAGE_LOG_LEVEL'], program.output);
  });
  await check('a first start that cannot listen says why, and still prints the password', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const settings = { OPSTAGE_DATA_DIR: join(installation.folder, 'port-taken') };
    const first = installation.startServer({ ...settings, OPSTAGE_PORT: String(port) });
    assert.equal(await first.exited, 78);
    blocker.close();
    assert.match(first.output, /is in use/);
    const second = installation.startServer(settings);
    await installation.ready(second);
    await installation.signIn(/^with password (\S+)$/m.exec(first.output)?.[1]);
    assert.equal(await second.stop(), 0);
  });
};

/** The demo without a server starts one, and ends together with it. */
export const demoAlone = async (installation: Installation): Promise<void> => {
  await check('without a server the demo starts one, and ctrl-C ends both', async () => {
    const both = installation.startDemo();
    await both.prints(/Connected to the server/);
    await echo(await installation.signIn());
    assert.equal(await both.stop('SIGINT'), 0);
    await assert.rejects(async () => installation.api.get('/health'));
  });
};
