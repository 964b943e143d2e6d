import { buildPart, staleParts } from './build.mjs';
import { completeInstall } from './complete-install.mjs';
import { say } from './entry.mjs';
import { findNode } from './find-node.mjs';
import { withLock } from './lock.mjs';
import { isScarce, sayMemoryNeeds } from './memory.mjs';
import { areInstalled, install } from './packages.mjs';
import { quietly } from './quietly.mjs';

/** Angular's build takes a worker per core, each with a heap of its own. */
const saveMemory = () => {
  process.env.NG_BUILD_MAX_WORKERS ??= '1';
};

const prepareNow = async () => {
  if (!areInstalled() || staleParts().some(({ name }) => name === 'console')) sayMemoryNeeds();
  if (isScarce()) saveMemory();
  if (!areInstalled()) {
    say('Installing packages…');
    await install();
    completeInstall();
  }
  const node = findNode();
  for (const part of staleParts()) {
    say(`Building ${part.name}…`);
    await buildPart(part, node, quietly);
  }
  return node;
};

/** Installs what is missing, builds what is stale, and returns the Node that runs the product. */
export const prepare = () => (areInstalled() && staleParts().length === 0 ? findNode() : withLock(prepareNow));
