import 'reflect-metadata';
import { runProgram } from './program.js';

// Files that this process writes are readable by their owner only.
process.umask(0o077);
await runProgram(process.argv.slice(2));
