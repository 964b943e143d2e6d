import { requireRecentNode } from '../config/node-version.js';

// Nothing else is imported before this: an old Node could not even read it.
requireRecentNode();
await import('reflect-metadata');
const { runProgram } = await import('./program.js');

// Files that this process writes are readable by their owner only.
process.umask(0o077);
await runProgram(process.argv.slice(2));
