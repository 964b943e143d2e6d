import { requireRecentNode } from '../config/node-version.js';

// Nothing else is imported before this: an old Node could not even read it.
requireRecentNode();
// Files that this process writes are readable by their owner only.
process.umask(0o077);
const args = process.argv.slice(2);
if (args[0] === 'start' && args.length === 1) {
  // A server does not wait for the commands to load.
  await import('../start-server.js');
} else {
  await import('reflect-metadata');
  const { runProgram } = await import('./program.js');
  await runProgram(args);
}
