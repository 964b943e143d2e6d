import 'reflect-metadata';
import { runProgram } from './program.js';

// Whatever this process writes is its owner's alone.
process.umask(0o077);
await runProgram(process.argv.slice(2));
