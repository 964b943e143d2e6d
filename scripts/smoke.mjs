import { runScript } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { runInForeground } from './lib/processes.mjs';
import { inProject } from './lib/project.mjs';

const HOOKS = inProject('libs', 'testing', 'run-typescript.mjs');
const MAIN = inProject('scripts', 'smoke', 'main.ts');

// Runs the TypeScript sources: a build of its own would take work away from the first start that is to be checked.
await runScript(() =>
  runInForeground(findNode(), ['--conditions=source', `--import=${HOOKS}`, MAIN], { cwd: inProject() }),
);
