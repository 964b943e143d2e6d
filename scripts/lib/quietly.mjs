import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PlainError, say } from './entry.mjs';
import { explainKill } from './memory.mjs';
import { END_SIGNALS } from './processes.mjs';
import { inProject } from './project.mjs';

/** Why it failed, or null. A shell and npm report the signal that ended their program as 128 plus its number. */
const reasonOf = (code, signal) => {
  if (code === 0) return null;
  if (signal === 'SIGKILL' || code === 128 + constants.signals.SIGKILL) return explainKill();
  return `it ended with ${signal ?? code}.`;
};

/**
 * Runs a program in the repository's folder and prints its output only when it fails.
 * @throws PlainError with its output
 */
export const quietly = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: inProject(), stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const leave = (signal) => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of END_SIGNALS) process.once(signal, leave);
    const settle = (failure) => {
      for (const signal of END_SIGNALS) process.removeListener(signal, leave);
      if (failure === null) return resolve();
      say(Buffer.concat(output).toString().trimEnd());
      reject(new PlainError(`${[program, ...args].join(' ')} failed: ${failure}`));
    };
    child.on('error', (error) => settle(error.message));
    child.on('close', (code, signal) => settle(reasonOf(code, signal)));
  });
