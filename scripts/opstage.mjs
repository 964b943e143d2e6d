#!/usr/bin/env node
import { runScript } from './lib/entry.mjs';
import { findBuilt } from './lib/built.mjs';
import { runInForeground } from './lib/processes.mjs';
import { envFileArguments, inProject } from './lib/project.mjs';

// Installs and builds nothing: a server may be running from these very files. It stays in the terminal's process group, because
// it may prompt for a password.
await runScript(async () => {
  const program = [...envFileArguments(), inProject('dist', 'server', 'cli', 'main.js')];
  return runInForeground(findBuilt('libs', 'server'), [...program, ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: false,
  });
});
