import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { nodeArgumentsOfServer, SERVER_PROGRAM } from './repository.js';

const START_MS = 60_000;
const PROBE_EVERY_MS = 5;

/** How a server is to be started. */
export interface ServerStart {
  readonly url: string;
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What goes before `node` on the command line. */
  readonly prefix: readonly string[];
  readonly nodeArguments: readonly string[];
  readonly program?: string;
}

const running = new Set<ChildProcess>();

// Whatever ends this process ends what it started.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** This process's environment without any setting of the product. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('OPSTAGE_') && name !== 'DATABASE_URL' && name !== 'NODE_ENV',
    ),
  );

const isHealthy = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

/** The built server, running as a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** From the spawn to the first healthy answer. */
    readonly startMs: number,
    readonly pid: number,
  ) {}

  /** Starts it and waits until it is healthy. @throws Error with what it printed when it does not get there */
  static async start({
    url,
    logFile,
    settings,
    prefix,
    nodeArguments,
    program = SERVER_PROGRAM,
  }: ServerStart): Promise<ServerProcess> {
    const log = openSync(logFile, 'a');
    const command = [...prefix, process.execPath, ...nodeArgumentsOfServer(), ...nodeArguments, program];
    const begin = performance.now();
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: ['ignore', log, log],
      env: { ...cleanEnvironment(), ...settings },
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    while (!(await isHealthy(url))) {
      if (child.exitCode !== null || performance.now() - begin > START_MS) {
        child.kill('SIGKILL');
        throw new Error(`The server did not start:\n${readFileSync(logFile, 'utf8')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
    return new ServerProcess(child, performance.now() - begin, child.pid ?? 0);
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), START_MS);
    await exited;
    clearTimeout(force);
  }
}
