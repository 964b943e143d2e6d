import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inProject } from '../lib/project.mjs';
import { eventually } from './waiting.mjs';

const STOP_MS = 20_000;
const started = [];

/** This process's environment without any setting of the product. */
const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('OPSTAGE_') && !['DATABASE_URL', 'NODE_ENV'].includes(name),
    ),
  );

/** A program of this repository that runs beside this one, with all it printed. */
class Program {
  output = '';

  constructor(child) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => this.add(text));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  }

  add(text) {
    this.output += text;
  }

  isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until it has printed something that matches. */
  prints(pattern, timeoutMs) {
    const look = () => {
      const match = pattern.exec(this.output);
      if (!match && !this.isRunning()) throw new Error(`It ended before it printed ${pattern}:\n${this.output}`);
      return match;
    };
    return eventually(`${pattern} in the output:\n${this.output}`, look, timeoutMs);
  }

  /** Asks it to end and answers with its exit code. A second request, much later, makes the scripts use force. */
  async end(signal = 'SIGTERM') {
    this.child.kill(signal);
    const force = setTimeout(() => this.child.kill('SIGTERM'), STOP_MS);
    const code = await this.exited;
    clearTimeout(force);
    return code;
  }
}

/** Starts one of this repository's programs in `folder`, with these settings only. */
export const startProgram = (path, { folder, settings }) => {
  const child = spawn(process.execPath, [inProject(path)], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = new Program(child);
  started.push(program);
  return program;
};

/** All that was printed by all programs so far. */
export const allOutput = () => started.map(({ output }) => output).join('\n');

/** Ends what still runs of what was started here. */
export const endPrograms = async () => {
  for (const program of [...started].reverse()) if (program.isRunning()) await program.end();
};
