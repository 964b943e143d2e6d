import { spawnSync } from 'node:child_process';
import { allParts, buildPart } from './lib/build.mjs';
import { PlainError, runScript, say } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { inProject } from './lib/project.mjs';

const run = (node, args) => {
  const { status } = spawnSync(node, args, { cwd: inProject(), stdio: 'inherit' });
  if (status !== 0) throw new PlainError('The build failed.');
};

/** Builds everything into `dist/`, stale or not, and records the hash of the sources for `npm start`. */
await runScript(async () => {
  const node = findNode();
  for (const part of allParts()) {
    say(`Building ${part.name}…`);
    await buildPart(part, node, run);
  }
});
