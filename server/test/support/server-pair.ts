import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, freePort, Program, RoundRobin } from '#testing';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

/** A built server, running as a process of its own. */
interface RunningServer {
  readonly program: Program;
  readonly api: ApiClient;
}

/** Two real servers on one PostgreSQL, with a data directory each, and a load balancer in front of them. */
export class ServerPair {
  private constructor(
    private readonly folder: string,
    private readonly database: TestDatabase,
    private readonly balancer: RoundRobin,
    readonly a: RunningServer,
    readonly b: RunningServer,
  ) {}

  /** Starts both at once on an empty database. */
  static async start(): Promise<ServerPair> {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-pair-'));
    const database = await createTestDatabase('postgres', folder);
    const launch = async (name: string): Promise<RunningServer> => {
      const port = await freePort();
      const api = new ApiClient(`http://127.0.0.1:${port}`);
      const program = new Program('server/main.js', [], {
        DATABASE_URL: database.config.url,
        OPSTAGE_DATA_DIR: join(folder, name),
        OPSTAGE_PORT: String(port),
        OPSTAGE_LOG_LEVEL: 'warn',
        OPSTAGE_SESSION_SECRET: 'the same secret for both of the servers',
        OPSTAGE_ADMIN_USERNAME: OWNER.username,
        OPSTAGE_ADMIN_PASSWORD: OWNER.password,
      });
      await program.ready(async () => (await api.get('/health')).status === 200);
      return { program, api };
    };
    const [a, b] = await Promise.all([launch('a'), launch('b')]);
    const balancer = await RoundRobin.open([a.api.baseUrl, b.api.baseUrl]);
    return new ServerPair(folder, database, balancer, a, b);
  }

  /** Every request goes to the other server than the one before. */
  get both(): ApiClient {
    return new ApiClient(this.balancer.url);
  }

  async stop(): Promise<void> {
    await this.balancer.close();
    await Promise.all([this.a, this.b].map(({ program }) => program.stop()));
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
