import { runScript } from './lib/entry.mjs';
import { audit } from './smoke/audit.mjs';
import { chapter, conclude, note } from './smoke/checks.mjs';
import { demoLoop } from './smoke/demo-actions.mjs';
import { endings } from './smoke/endings.mjs';
import { firstAndSecondStart, stillPrivate } from './smoke/first-start.mjs';
import { Installation } from './smoke/installation.mjs';
import { endPrograms } from './smoke/programs.mjs';
import { rawAgentLoop } from './smoke/raw-agent.mjs';
import { restarts } from './smoke/restarts.mjs';

const chaptersOf = (installation, run) => [
  ['The first and the second start', async () => (run.server = await firstAndSecondStart(installation))],
  ['The whole loop with an agent by hand', async () => Object.assign(run, await rawAgentLoop(installation))],
  ['The demo service', async () => Object.assign(run, await demoLoop(installation, run.owner))],
  ['Restarts', async () => Object.assign(run, await restarts(installation, run))],
  ['The audit', () => audit(installation, run)],
  ['Endings', () => endings(installation, run)],
  ['What is left', () => stillPrivate(installation)],
];

/**
 * Runs the real server and the real demo in a temporary folder, as a newcomer would, and checks over HTTP that the whole
 * loop works. Touches nothing but loopback, that folder, and what `npm start` installs and builds here.
 */
await runScript(async () => {
  const installation = await Installation.make();
  const run = {};
  let allPassed = true;
  try {
    for (const [title, work] of chaptersOf(installation, run)) {
      allPassed = await chapter(title, work);
      // Each chapter goes on from the one before.
      if (!allPassed) break;
    }
  } finally {
    await endPrograms();
    if (allPassed) installation.remove();
  }
  if (!allPassed) note(`What it left is in ${installation.folder}`);
  return conclude();
});
