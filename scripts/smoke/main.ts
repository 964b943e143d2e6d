/**
 * Runs the real server and the real demo in a temporary folder and checks what only a real start can show: first start, file modes,
 * restarts and endings. Uses only loopback, that folder, and what `npm start` installs and builds.
 */
import { chaptersOf, whatRemains } from './chapters.js';
import { conclude, note, runChapters } from './checks.js';
import { demoAlone } from './endings.js';
import { Installation } from './installation.js';

const installation = await Installation.create();

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const allPassed = await runChapters([
  ...chaptersOf(installation),
  ['The demo alone', () => demoAlone(installation)],
  whatRemains(installation),
]);
await installation.stop();
if (allPassed) installation.remove();
else note(`The files are in ${installation.folder}`);
conclude();
process.exitCode = allPassed ? 0 : 1;
