import { ApiClient } from './api-client.js';
import { freePort, Program, type ProgramOptions, type Settings } from './program.js';
import { TestOperator } from './test-operator.js';

const SERVER = 'server/main.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const OWNER: Credentials = { username: 'owner', password: 'correct horse battery' };

export interface ServerOptions extends Pick<ProgramOptions, 'prefix' | 'logFile'> {
  readonly dataDir: string;
  /** The first owner, created at the first start. */
  readonly owner?: Credentials;
  readonly settings?: Settings;
}

export interface StartOptions extends Pick<ProgramOptions, 'nodeArguments'> {
  /** Settings of this start only. */
  readonly settings?: Settings;
  /** Another program than the server; it must answer `/health` at `OPSTAGE_PORT` too. */
  readonly program?: string;
  /** Interval between health checks during the start. */
  readonly pollMs?: number;
}

/** A built server in a process of its own, which can be stopped and started again with the same data and address. */
export class ServerUnderTest {
  readonly owner: Credentials;
  readonly api: ApiClient;
  #program: Program | null = null;

  private constructor(
    private readonly options: ServerOptions,
    readonly port: number,
  ) {
    this.owner = options.owner ?? OWNER;
    this.api = new ApiClient(this.url);
  }

  /** A server that has not been started yet. */
  static async create(options: ServerOptions): Promise<ServerUnderTest> {
    return new ServerUnderTest(options, await freePort());
  }

  /** A server that is up. @throws with its output when it does not start */
  static async start(options: ServerOptions): Promise<ServerUnderTest> {
    const server = await ServerUnderTest.create(options);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The running process. @throws before the first start */
  get program(): Program {
    if (!this.#program) throw new Error('The server has not been started.');
    return this.#program;
  }

  /** Starts the server and waits until it is healthy. @throws with its output when it does not start */
  async start({ settings = {}, program = SERVER, nodeArguments, pollMs }: StartOptions = {}): Promise<Program> {
    const { dataDir, prefix, logFile } = this.options;
    this.#program = new Program(program, {
      prefix,
      logFile,
      nodeArguments,
      settings: {
        OPSTAGE_DATA_DIR: dataDir,
        OPSTAGE_PORT: String(this.port),
        OPSTAGE_ADMIN_USERNAME: this.owner.username,
        OPSTAGE_ADMIN_PASSWORD: this.owner.password,
        ...this.options.settings,
        ...settings,
      },
    });
    await this.#program.ready(async () => (await this.api.get('/health')).status === 200, { pollMs });
    return this.#program;
  }

  /** Signs in, as the first owner by default. */
  signIn({ username, password } = this.owner): Promise<TestOperator> {
    return TestOperator.signIn(this.api, username, password);
  }

  /** Stops the server, if it is running. */
  async stop(): Promise<void> {
    await this.#program?.stop();
  }
}
