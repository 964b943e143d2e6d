import { runScript } from './lib/entry.mjs';
import { prepare } from './lib/prepare.mjs';
import { runInForeground } from './lib/processes.mjs';
import { inProject } from './lib/project.mjs';

await runScript(async () => {
  const node = await prepare();
  return runInForeground(node, [inProject('dist', 'libs', 'bench', 'main.js'), ...process.argv.slice(2)]);
});
