import { buildPart, staleParts } from './build.mjs';
import { completeInstall } from './complete-install.mjs';
import { say } from './entry.mjs';
import { findNode } from './find-node.mjs';
import { withLock } from './lock.mjs';
import { areInstalled, install } from './packages.mjs';
import { quietly } from './quietly.mjs';

const prepareNow = async () => {
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
