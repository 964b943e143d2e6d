import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerUnderTest, type Settings, type StartOptions } from '#testing';
import { nodeArgumentsOfServer, SERVER_PROGRAM } from './repository.js';

const LOG_FILE = 'server.log';
const PROBE_MS = 5;
const created = new Set<string>();

process.once('exit', () => {
  for (const folder of created) rmSync(folder, { recursive: true, force: true });
});

export interface RunningServer {
  readonly pid: number;
  /** From the spawn to the first healthy response. */
  readonly startMs: number;
}

/** A data directory of its own, and a server on it that can be started and stopped. */
export class Installation {
  private constructor(
    private readonly folder: string,
    private readonly server: ServerUnderTest,
    readonly sessionSecret: string,
  ) {}

  /** An installation in a new temporary folder; `prefix` precedes the server's command line. */
  static async make(prefix: readonly string[], settings: Settings = {}): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-bench-'));
    created.add(folder);
    const sessionSecret = randomBytes(32).toString('base64url');
    const server = await ServerUnderTest.create({
      prefix,
      dataDir: join(folder, 'data'),
      logFile: join(folder, LOG_FILE),
      owner: { username: 'bench', password: randomBytes(18).toString('base64url') },
      settings: {
        OPSTAGE_SESSION_SECRET: sessionSecret,
        // A backup during a measurement would be measured too.
        OPSTAGE_BACKUP_INTERVAL_HOURS: '0',
        ...settings,
      },
    });
    return new Installation(folder, server, sessionSecret);
  }

  get url(): string {
    return this.server.url;
  }

  get username(): string {
    return this.server.owner.username;
  }

  get password(): string {
    return this.server.owner.password;
  }

  get databaseFile(): string {
    return join(this.folder, 'data', 'opstage.db');
  }

  /** The last lines of the server's output; empty without any. */
  lastLines(count: number): string {
    const file = join(this.folder, LOG_FILE);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '';
  }

  async start({ program = SERVER_PROGRAM, nodeArguments = [], ...rest }: StartOptions = {}): Promise<RunningServer> {
    const begin = performance.now();
    const { pid } = await this.server.start({
      ...rest,
      program,
      nodeArguments: [...nodeArgumentsOfServer(), ...nodeArguments],
      pollMs: PROBE_MS,
    });
    return { pid, startMs: performance.now() - begin };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Stops the server and deletes everything. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    created.delete(this.folder);
  }
}
