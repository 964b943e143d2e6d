import { runScript } from './lib/entry.mjs';
import { prepare } from './lib/prepare.mjs';
import { runInForeground } from './lib/processes.mjs';
import { envFileArguments, inProject, serverArguments } from './lib/project.mjs';

// Runs on the user's Node, 18 or newer, before anything is installed: use no packages and no newer syntax here or below.
await runScript(async () => {
  const node = await prepare();
  return runInForeground(node, [...serverArguments(), ...envFileArguments(), inProject('dist', 'server', 'main.js')]);
});
