import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '#testing';

const PATIENCE_MS = 120_000;

/** A shell that a reader types the commands of a page into, one block after the other. */
export class BashSession {
  /** Everything that was printed. */
  output = '';
  readonly #shell: ChildProcess;
  #blocks = 0;

  /** A block fails when one of its commands does; `env` is all that the commands get of the environment. */
  constructor(folder: string, env: Readonly<Record<string, string>>) {
    // In a process group of its own, so that what a block leaves in the background ends with it.
    this.#shell = spawn('bash', ['-e', '-o', 'pipefail'], { cwd: folder, env, detached: true });
    for (const stream of [this.#shell.stdout, this.#shell.stderr])
      stream?.on('data', (text: Buffer) => (this.output += text.toString()));
  }

  /** Runs the block; what it sets stays for the next. @throws Error with the output when it fails */
  async run(block: string): Promise<void> {
    this.#blocks += 1;
    const done = `--- done ${this.#blocks}`;
    const start = this.output.length;
    this.#shell.stdin?.write(`${block}\necho '${done}'\n`);
    const isOver = (): boolean => this.output.includes(done) || this.#shell.exitCode !== null;
    await eventually(`the end of the block:\n${block}`, isOver, PATIENCE_MS);
    if (!this.output.includes(done))
      throw new Error(`This failed:\n${block}\n\nIt printed:\n${this.output.slice(start)}`);
  }

  /** Ends the shell, and what its blocks left running. */
  async close(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    const isRunning = exitCode === null && signalCode === null;
    const closed = isRunning ? once(this.#shell, 'exit') : null;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
    await closed;
  }
}
