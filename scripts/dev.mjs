import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { runScript, say } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { launch, onEndRequest } from './lib/processes.mjs';
import { envFileArguments, inProject } from './lib/project.mjs';

const TSC = inProject('node_modules', 'typescript', 'bin', 'tsc');
const NEST = inProject('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const NG = inProject('node_modules', '@angular', 'cli', 'bin', 'ng.js');
const LIBS = ['-p', 'libs/tsconfig.build.json'];

/** The compiler of the libs, the server that restarts on changes, and the console that reloads on changes. */
const programs = (node) => [
  [TSC, ...LIBS, '--watch', '--preserveWatchOutput'],
  [NEST, 'start', '--watch', '--preserveWatchOutput', '--no-shell', '--exec', node, ...envFileArguments()],
  [NG, 'serve'],
];

/** Signals a program and the programs it started; a group that has ended already is fine. */
const signalGroup = ({ child }, signal) => {
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};

/** `npm run dev`: server and console from source in one terminal; Ctrl-C ends both. */
await runScript(async () => {
  const node = findNode();
  // What is compiled from here on is not a build: the next `npm start` builds again.
  for (const part of ['libs', 'server']) rmSync(inProject('dist', `${part}.sha256`), { force: true });
  spawnSync(node, [TSC, ...LIBS], { cwd: inProject(), stdio: 'inherit' });

  const running = programs(node).map((args) => launch(node, args, { cwd: inProject() }));
  const end = (signal) => running.forEach((program) => signalGroup(program, signal));
  onEndRequest(
    () => end('SIGTERM'),
    () => end('SIGKILL'),
  );
  say('Console: http://localhost:4200 (reloads on changes). API: http://127.0.0.1:8080 (restarts on changes).');
  // None of them is useful without the others.
  await Promise.race(running.map(({ exited }) => exited));
  end('SIGTERM');
  await Promise.all(running.map(({ exited }) => exited));
});
