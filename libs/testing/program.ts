import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PORT = 20_000;
const PORTS = 12_000;
const ATTEMPTS = 50;
const KILL_AFTER_MS = 10_000;
const WAIT_MS = 30_000;
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

/** A free port below 32768, where no outgoing connection can take it meanwhile. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port.');
};

/** A built program of ours, running. */
export class Program {
  readonly #child: ChildProcess;
  #output = '';

  constructor(path: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OPSTAGE_'));
    const env = { ...Object.fromEntries(inherited), ...environment };
    this.#child = spawn(process.execPath, [resolve('dist', path), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  /** All it has printed. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits for its own end. @throws when that is a failure */
  async finished(): Promise<string> {
    if (this.isRunning) await once(this.#child, 'close');
    if (this.#child.exitCode !== 0) throw new Error(`A program failed:\n${this.#output}`);
    return this.#output;
  }

  /** Waits until it is ready. @throws when it ends before, or it takes too long */
  async ready(isReady: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!(await isReady().catch(() => false))) {
      if (!this.isRunning || Date.now() > deadline) throw new Error(`A program did not start:\n${this.#output}`);
      await sleep(POLL_MS);
    }
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to end, and makes it when it does not. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await ended;
    clearTimeout(force);
  }
}
