import { runScript } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { runInForeground } from './lib/processes.mjs';
import { inProject } from './lib/project.mjs';

const HOOKS = inProject('libs', 'testing', 'run-typescript.mjs');
const MAIN = inProject('scripts', 'smoke', 'main.ts');

// Runs the sources without a build, so that the first start it checks has everything to build.
await runScript(() =>
  runInForeground(findNode(), ['--conditions=source', `--import=${HOOKS}`, MAIN], { cwd: inProject() }),
);
