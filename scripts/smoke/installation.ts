import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient, freePort, Program, TestOperator, type Settings } from '#testing';

const START_TIMEOUT_MS = 30_000;
const READY = /is ready at \S+/;

/** What runs instead of `npm start`: `opstage` of a release, and the settings it runs with. */
export interface ReleasedProgram {
  readonly executable: string;
  readonly settings?: Settings;
}

/** An installation in a temporary folder, run with `npm start` and `npm run demo` as a newcomer would, or by a release. */
export class Installation {
  readonly dataDir: string;
  readonly url: string;
  readonly api: ApiClient;
  /** The password of the first owner, once it is known. */
  password = '';
  readonly #programs: Program[] = [];

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly released: ReleasedProgram | null,
  ) {
    this.dataDir = join(folder, 'data');
    this.url = `http://127.0.0.1:${port}`;
    this.api = new ApiClient(this.url);
  }

  static async create(released: ReleasedProgram | null = null): Promise<Installation> {
    return new Installation(mkdtempSync(join(tmpdir(), 'opstage-smoke-')), await freePort(), released);
  }

  startServer(settings: Settings = {}): Program {
    if (this.released === null) return this.#run('start.mjs', settings);
    return this.#run('', { ...this.released.settings, ...settings }, this.released.executable);
  }

  startDemo(): Program {
    // Beside a release nothing is prepared: `npm run demo` would install and build in this checkout.
    return this.#run(this.released === null ? 'demo.mjs' : 'demo/run.mjs', {});
  }

  /** Waits until a starting server reports that it is ready, and checks its health. */
  async ready(server: Program, timeoutMs = START_TIMEOUT_MS): Promise<void> {
    await server.prints(READY, { timeoutMs });
    const health = await this.api.get('/health').expectOk<{ status: string; database: { status: string } }>();
    assert.deepEqual([health.status, health.database.status], ['UP', 'UP']);
  }

  signIn(password = this.password): Promise<TestOperator> {
    return TestOperator.signIn(this.api, 'admin', password);
  }

  /** Checks that everything in the data directory is accessible to its owner only. */
  assertPrivate(): void {
    const names = readdirSync(this.dataDir, { recursive: true, encoding: 'utf8' });
    const open = [this.dataDir, ...names.map((name) => join(this.dataDir, name))].filter((path) => {
      const stats = statSync(path);
      return (stats.mode & 0o777) !== (stats.isDirectory() ? 0o700 : 0o600);
    });
    assert.deepEqual(open, []);
  }

  get sessionSecret(): string {
    return readFileSync(join(this.dataDir, 'session-secret'), 'utf8').trim();
  }

  get agentCredential(): { readonly agentCode: string; readonly agentToken: string } {
    return JSON.parse(readFileSync(join(this.dataDir, 'agent-token.json'), 'utf8')) as Installation['agentCredential'];
  }

  /** Stops everything that is still running, the newest first. */
  async stop(): Promise<void> {
    for (const program of this.#programs.reverse()) await program.stop();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(script: string, settings: Settings, executable?: string): Program {
    const program = new Program(resolve('scripts', script), {
      ...(executable === undefined ? {} : { executable, args: ['start'] }),
      folder: this.folder,
      settings: {
        OPSTAGE_PORT: String(this.port),
        OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: '1',
        OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS: '1',
        ...settings,
      },
      // The scripts forward a repeated SIGTERM as SIGKILL; if they were killed themselves, their programs would keep running.
      forceSignal: 'SIGTERM',
    });
    this.#programs.push(program);
    return program;
  }
}
