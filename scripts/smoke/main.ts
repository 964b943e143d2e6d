/**
 * Runs the real server and the real demo in a temporary folder and checks what only a real start can show: first start, file modes,
 * restarts and endings. Uses only loopback, that folder, and what `npm start` installs and builds.
 */
import assert from 'node:assert/strict';
import { check, conclude, note, runChapters } from './checks.js';
import { demoAlone, failedStarts } from './endings.js';
import { Installation } from './installation.js';
import { enrolDemo, restartDemo, restartServer } from './restarts.js';
import { firstStart, secondStart } from './starts.js';

const installation = await Installation.create();

const run = async (): Promise<void> => {
  let server = await secondStart(installation);
  const owner = await installation.signIn();
  let demo = await enrolDemo(installation, owner);
  server = await restartServer(installation, server, owner);
  demo = await restartDemo(installation, demo, owner);
  await check('the demo and the server end with code 0', async () => {
    assert.deepEqual([await demo.stop(), await server.stop()], [0, 0]);
  });
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const allPassed = await runChapters([
  ['The first start', () => firstStart(installation)],
  ['The second start, the demo, restarts', run],
  ['Starts that fail', () => failedStarts(installation)],
  ['The demo alone', () => demoAlone(installation)],
  [
    'What remains',
    () =>
      check('everything in the data directory is for its owner only', () => {
        installation.assertPrivate();
      }),
  ],
]);
await installation.stop();
if (allPassed) installation.remove();
else note(`The files are in ${installation.folder}`);
conclude();
process.exitCode = allPassed ? 0 : 1;
