import { runScript } from './lib/entry.mjs';
import { prepare } from './lib/prepare.mjs';
import { runInForeground } from './lib/processes.mjs';
import { envFileArguments, inProject } from './lib/project.mjs';

await runScript(async () => {
  const node = await prepare();
  return runInForeground(node, [...envFileArguments(), inProject('scripts', 'demo', 'run.mjs')]);
});
