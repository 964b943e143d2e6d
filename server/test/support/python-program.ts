import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const AGENT_FILE = join(__dirname, '..', '..', '..', 'libs', 'python', 'opstage_agent.py');

/** A Python program in a folder of its own, beside `opstage_agent.py`. */
export class PythonProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'opstage-python-'));
  /** What it printed, over all its starts. */
  output = '';
  #process: ChildProcess | null = null;

  constructor(text: string) {
    copyFileSync(AGENT_FILE, join(this.folder, 'opstage_agent.py'));
    writeFileSync(join(this.folder, 'program.py'), text);
  }

  start(settings: Readonly<Record<string, string>>): void {
    const process_ = spawn('python3', ['-B', '-u', 'program.py'], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [process_.stdout, process_.stderr])
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    this.#process = process_;
  }

  /** Ends it and returns its exit code, null when the signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const running = this.#process;
    if (!running) return null;
    if (running.exitCode === null && running.signalCode === null) {
      running.kill(signal);
      await once(running, 'close');
    }
    return running.exitCode;
  }

  /** Waits until it ends by itself, and returns its exit code. */
  async ended(): Promise<number | null> {
    if (this.#process && this.#process.exitCode === null) await once(this.#process, 'close');
    return this.#process?.exitCode ?? null;
  }

  /** All that the agent has written to its `data` folder. */
  stored(): string {
    const data = join(this.folder, 'data');
    return readdirSync(data)
      .map((name) => readFileSync(join(data, name), 'utf8'))
      .join('\n');
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
