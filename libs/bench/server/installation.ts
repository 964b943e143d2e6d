import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { ServerProcess } from './server-process.js';

const made = new Set<string>();

process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** How a scenario wants its server. */
export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
  /** Another program than the server, which answers `/health` at its `OPSTAGE_PORT` too. */
  readonly program?: string;
}

/** A data directory of its own, with the server over it that may be started and stopped. */
export class Installation {
  readonly username = 'bench';
  readonly password = randomBytes(18).toString('base64url');
  readonly sessionSecret = randomBytes(32).toString('base64url');
  #server: ServerProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly prefix: readonly string[],
    private readonly ownSettings: Readonly<Record<string, string>>,
  ) {}

  /** One in a new temporary folder; `prefix` goes before the server's command line. */
  static async make(
    prefix: readonly string[],
    ownSettings: Readonly<Record<string, string>> = {},
  ): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-bench-'));
    made.add(folder);
    return new Installation(folder, await freePort(), prefix, ownSettings);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get databaseFile(): string {
    return join(this.folder, 'data', 'opstage.db');
  }

  get #settings(): Readonly<Record<string, string>> {
    return {
      OPSTAGE_PORT: String(this.port),
      OPSTAGE_DATA_DIR: join(this.folder, 'data'),
      OPSTAGE_SESSION_SECRET: this.sessionSecret,
      // One that falls into a measurement would be measured too.
      OPSTAGE_BACKUP_INTERVAL_HOURS: '0',
      OPSTAGE_ADMIN_USERNAME: this.username,
      OPSTAGE_ADMIN_PASSWORD: this.password,
      ...this.ownSettings,
    };
  }

  /** The last lines the server has said; empty when it said nothing. */
  lastWords(lines: number): string {
    return existsSync(this.#logFile)
      ? readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
      : '';
  }

  get #logFile(): string {
    return join(this.folder, 'server.log');
  }

  async start({ settings = {}, nodeArguments = [], program }: StartOptions = {}): Promise<ServerProcess> {
    this.#server = await ServerProcess.start({
      url: this.url,
      logFile: this.#logFile,
      settings: { ...this.#settings, ...settings },
      prefix: this.prefix,
      nodeArguments,
      program,
    });
    return this.#server;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }

  /** Stops the server and removes everything. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    made.delete(this.folder);
  }
}
