import assert from 'node:assert/strict';
import { check, type Chapter } from './checks.js';
import { failedStarts } from './endings.js';
import type { Installation } from './installation.js';
import { enrolDemo, restartDemo, restartServer } from './restarts.js';
import { firstStart, secondStart } from './starts.js';

const run = async (installation: Installation): Promise<void> => {
  let server = await secondStart(installation);
  const owner = await installation.signIn();
  let demo = await enrolDemo(installation, owner);
  server = await restartServer(installation, server, owner);
  demo = await restartDemo(installation, demo, owner);
  await check('the demo and the server end with code 0', async () => {
    assert.deepEqual([await demo.stop(), await server.stop()], [0, 0]);
  });
};

/** What any installation must do, however it was made; each chapter builds on the ones before. */
export const chaptersOf = (installation: Installation): readonly Chapter[] => [
  ['The first start', () => firstStart(installation)],
  ['The second start, the demo, restarts', () => run(installation)],
  ['Starts that fail', () => failedStarts(installation)],
];

/** What must hold of the files in the end. */
export const whatRemains = (installation: Installation): Chapter => [
  'What remains',
  () =>
    check('everything in the data directory is for its owner only', () => {
      installation.assertPrivate();
    }),
];
