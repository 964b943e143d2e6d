import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, RoundRobin, ServerUnderTest, type Settings } from '#testing';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

const SECRET = 'the same secret for both of the servers';

/** What stands between the servers and their database. */
export interface Between {
  readonly url: string;
  stop(): Promise<void>;
}

const directly = (url: string): Promise<Between> => Promise.resolve({ url, stop: () => Promise.resolve() });

/** Two real servers on one PostgreSQL, with a data directory each, and a load balancer in front of them. */
export class ServerPair {
  private constructor(
    private readonly folder: string,
    private readonly database: TestDatabase,
    private readonly reached: Between,
    private readonly balancer: RoundRobin,
    readonly a: ServerUnderTest,
    readonly b: ServerUnderTest,
  ) {}

  /** Starts both concurrently on an empty database, which they reach through what `between` starts. */
  static async start(
    between: (url: string) => Promise<Between> = directly,
    settings: Settings = {},
  ): Promise<ServerPair> {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-pair-'));
    const database = await createTestDatabase('postgres', folder);
    const reached = await between(database.config.url);
    const launch = (name: string) =>
      ServerUnderTest.start({
        dataDir: join(folder, name),
        owner: OWNER,
        settings: {
          DATABASE_URL: reached.url,
          OPSTAGE_LOG_LEVEL: 'warn',
          OPSTAGE_SESSION_SECRET: SECRET,
          ...settings,
        },
      });
    const [a, b] = await Promise.all([launch('a'), launch('b')]);
    const balancer = await RoundRobin.open([a.api.baseUrl, b.api.baseUrl]);
    return new ServerPair(folder, database, reached, balancer, a, b);
  }

  /** A client whose requests alternate between the two servers. */
  get both(): ApiClient {
    return new ApiClient(this.balancer.url);
  }

  /** The settings with which a command on the host works on the same installation. */
  get hostSettings(): Settings {
    return {
      DATABASE_URL: this.reached.url,
      OPSTAGE_DATA_DIR: join(this.folder, 'a'),
      OPSTAGE_SESSION_SECRET: SECRET,
    };
  }

  async stop(): Promise<void> {
    await this.balancer.close();
    await Promise.all([this.a.stop(), this.b.stop()]);
    await this.reached.stop();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
