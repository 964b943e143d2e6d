import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#testing';

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

interface SystemProgramOptions {
  /** The port of 127.0.0.1 on which it listens. */
  readonly port: number;
  readonly configuration: (folder: string) => string;
  readonly args: (configurationFile: string, folder: string) => readonly string[];
}

/** A program of the system, such as a proxy, that runs in the foreground with a folder of its own. */
export class SystemProgram {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** Starts it and waits until it accepts connections. @throws when it is not installed, or ends */
  static async start(name: string, { port, configuration, args }: SystemProgramOptions): Promise<SystemProgram> {
    const folder = mkdtempSync(join(tmpdir(), `opstage-${name}-`));
    // Started as root, it works as another user.
    chmodSync(folder, 0o777);
    const file = join(folder, `${name}.conf`);
    writeFileSync(file, configuration(folder));
    const child = spawn(name, args(file, folder), {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Caddy keeps what it remembers in its home.
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin`, HOME: folder },
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const failed = new Promise<never>((_, reject) => {
      child.once('error', () => {
        reject(new Error(`${name} is not installed; these tests need it (on Debian: apt-get install ${name}).`));
      });
      child.once('exit', (code) => {
        reject(new Error(`${name} ended with code ${String(code)}:\n${output}`));
      });
    });
    failed.catch(() => undefined);
    await Promise.race([failed, eventually(`${name} accepts connections`, () => accepts(port))]);
    return new SystemProgram(child, folder, port);
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
