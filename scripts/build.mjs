import { spawnSync } from 'node:child_process';
import { build } from './lib/build.mjs';
import { PlainError, runScript } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { inProject } from './lib/project.mjs';

const run = (node, args) => {
  const { status } = spawnSync(node, args, { cwd: inProject(), stdio: 'inherit' });
  if (status !== 0) throw new PlainError('The build failed.');
};

await runScript(() => build(findNode(), run));
