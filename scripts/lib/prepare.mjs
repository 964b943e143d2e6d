import { build, isBuilt } from './build.mjs';
import { say } from './entry.mjs';
import { findNode } from './find-node.mjs';
import { areInstalled, install } from './packages.mjs';
import { quietly } from './quietly.mjs';
import { withLock } from './lock.mjs';

const prepareNow = async () => {
  if (!areInstalled()) {
    say('Installing packages…');
    await install();
  }
  const node = findNode();
  if (!isBuilt()) {
    say('Building…');
    await build(node, quietly);
  }
  return node;
};

/** Installs what is missing, builds what is stale, and answers with the Node that runs the product. */
export const prepare = () => (areInstalled() && isBuilt() ? findNode() : withLock(prepareNow));
