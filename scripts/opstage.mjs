#!/usr/bin/env node
import { runScript } from './lib/entry.mjs';
import { prepare } from './lib/prepare.mjs';
import { runInForeground } from './lib/processes.mjs';
import { envFileArguments, inProject } from './lib/project.mjs';

// Runs on the user's Node, like `npm start`. It stays in the terminal's process group, because it may prompt for a password.
await runScript(async () => {
  const program = [...envFileArguments(), inProject('dist', 'server', 'cli', 'main.js')];
  return runInForeground(await prepare(), [...program, ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: false,
  });
});
