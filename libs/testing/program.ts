import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PORT = 20_000;
const PORTS = 12_000;
const ATTEMPTS = 50;
const STOP_TIMEOUT_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer().once('error', () => {
      done(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        done(true);
      });
    });
  });

/** A free port below 32768, so that no outgoing connection can take it before it is used. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of ${ATTEMPTS} tried ports is free.`);
};

export type Settings = Readonly<Record<string, string>>;

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** Environment variables of the product; none are inherited from this process. */
  readonly settings?: Settings;
  readonly folder?: string;
  /** What precedes `node` on the command line, such as `taskset`. */
  readonly prefix?: readonly string[];
  readonly nodeArguments?: readonly string[];
  /** What runs with `args`, instead of Node and `path`. */
  readonly executable?: string;
  /** Where the output is appended, instead of being kept in memory. */
  readonly logFile?: string;
  /** Sent to a program that does not stop in time. Default: SIGKILL. */
  readonly forceSignal?: NodeJS.Signals;
}

export interface Patience {
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

/** This process's environment without the settings of the product. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('OPSTAGE_') && name !== 'DATABASE_URL' && name !== 'NODE_ENV',
    ),
  );

const running = new Set<Program>();

process.once('exit', () => {
  for (const program of running) program.force();
});

/** A Node program of this repository, running in a process of its own. */
export class Program {
  /** The exit code; 128 plus the signal's number when a signal ended it. */
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;
  #output = '';

  /** Starts the program at `path`, which is relative to `dist`. */
  constructor(
    path: string,
    private readonly options: ProgramOptions = {},
  ) {
    const { args = [], settings = {}, folder, prefix = [], nodeArguments = [], executable, logFile } = options;
    const program =
      executable === undefined ? [process.execPath, ...nodeArguments, resolve('dist', path)] : [executable];
    const [command = '', ...rest] = [...prefix, ...program, ...args];
    const log = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
    this.#child = spawn(command, rest, {
      cwd: folder,
      env: { ...cleanEnvironment(), ...settings },
      stdio: ['ignore', log, log],
    });
    if (typeof log === 'number') closeSync(log);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    running.add(this);
    this.exited = new Promise((done) => {
      this.#child.once('close', (code, signal) => {
        running.delete(this);
        done(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything it has printed so far. */
  get output(): string {
    return this.options.logFile === undefined ? this.#output : readFileSync(this.options.logFile, 'utf8');
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until it ends by itself; returns its output. @throws when it ends with another code than 0 */
  async finished(): Promise<string> {
    const code = await this.exited;
    if (code !== 0) throw new Error(`The program ended with code ${code}:\n${this.output}`);
    return this.output;
  }

  /** Waits until `isReady`, which may throw before that. @throws with the output when the program ends or takes too long */
  async ready(
    isReady: () => boolean | Promise<boolean>,
    { timeoutMs = READY_TIMEOUT_MS, pollMs = POLL_MS }: Patience = {},
  ): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await this.#succeeds(isReady))) {
      if (!this.isRunning || Date.now() > deadline)
        throw new Error(`The program ${this.isRunning ? 'is not ready' : 'ended'}:\n${this.output}`);
      await sleep(pollMs);
    }
  }

  /** Waits until its output matches. @throws like `ready` */
  prints(pattern: RegExp, patience?: Patience): Promise<void> {
    return this.ready(() => pattern.test(this.output), patience);
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to end, forces it when it does not, and returns its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    this.#child.kill(signal);
    const timer = setTimeout(() => {
      this.force();
    }, STOP_TIMEOUT_MS);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** Ends it without waiting. */
  force(): void {
    this.#child.kill(this.options.forceSignal ?? 'SIGKILL');
  }

  async #succeeds(isReady: () => boolean | Promise<boolean>): Promise<boolean> {
    try {
      return await isReady();
    } catch {
      return false;
    }
  }
}
