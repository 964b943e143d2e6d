import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { check } from './checks.mjs';
import { DemoService } from './demo-service.mjs';
import { signIn } from './http-client.mjs';

/** How things end: by request, with a fault, and the demo with the server it started itself. */
export const endings = async (installation, { server, demo }) => {
  await check('the demo and the server end with code 0', async () => {
    assert.equal(await demo.end(), 0);
    assert.equal(await server.end(), 0);
  });
  await check('bad settings end the start with code 78, one line a fault', async () => {
    const bad = installation.startServer({ OPSTAGE_PORT: 'eighty', OPSTAGE_LOG_LEVEL: 'loud' });
    assert.equal(await bad.exited, 78);
    const lines = bad.output.trim().split('\n');
    assert.equal(lines.length, 2, bad.output);
    assert.ok(lines[0].startsWith('OPSTAGE_PORT ') && lines[1].startsWith('OPSTAGE_LOG_LEVEL '), bad.output);
  });
  await check('a first start that cannot listen says why, and still the password that is said once', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const settings = {
      OPSTAGE_PORT: String(taken.address().port),
      OPSTAGE_DATA_DIR: join(installation.folder, 'port-taken'),
    };
    const first = installation.startServer(settings);
    assert.equal(await first.exited, 1);
    assert.match(first.output, /is taken/);
    const password = /^with password (\S+)$/m.exec(first.output)?.[1];
    const second = installation.startServer({ ...settings, OPSTAGE_PORT: String(installation.port) });
    await second.prints(/is ready at/);
    await signIn(installation.url, 'admin', password);
    assert.equal(await second.end(), 0);
    taken.close();
  });
  await check('without a server the demo starts one, and ctrl-C ends both', async () => {
    const both = installation.startDemo();
    await both.prints(/Connected to the server/);
    const owner = await signIn(installation.url, 'admin', installation.password);
    await (await DemoService.find(owner)).echoOnceBack();
    assert.equal(await both.end('SIGINT'), 0);
    await assert.rejects(installation.anybody.get('/health'));
  });
};
