import { runScript } from './lib/entry.mjs';
import { prepare } from './lib/prepare.mjs';
import { runInForeground } from './lib/processes.mjs';
import { envFileArguments, inProject, serverArguments } from './lib/project.mjs';

// Runs on the Node the user has, from 18 on, before anything is installed: no package and no newer syntax here or below.
await runScript(async () => {
  const node = await prepare();
  return runInForeground(node, [...serverArguments(), ...envFileArguments(), inProject('dist', 'server', 'main.js')]);
});
