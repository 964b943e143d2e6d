import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDetail, AgentSummary, CapsuleService, Command, CommandId, JsonObject, Role, User } from '#contracts';
import { aReportedService, anAgentDescription, ApiClient, freePort, Program, TestAgent, TestOperator } from '#testing';
import { eventually } from './eventually.js';

export const DEMO_AGENT = 'demo-agent';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** One user of each role, there from the start. */
export const USERS: Readonly<Record<Role, Credentials>> = {
  owner: { username: 'owner', password: 'correct-horse-battery' },
  operator: { username: 'olga', password: 'one-nobody-guesses-at-all' },
  viewer: { username: 'vito', password: 'one-that-is-as-good-as-it' },
};

/** How many services an installation already has; none when left out. */
export interface InstallationOptions {
  readonly services?: number;
}

/** What has been filled in says nothing more: it is as fresh at the end of a test as at its beginning. */
const NOTHING_GROWS_OLD = {
  OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: '86400',
  OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS: '86400',
};

/** The real server as a process of its own, with an empty database, and the real demo service enrolled at it. */
export class Installation {
  readonly #signedIn = new Map<string, Promise<TestOperator>>();
  readonly #programs: Program[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'opstage-browser-'));
  readonly #port: number;
  readonly api: ApiClient;
  #server: Program | null = null;
  #echoed: Promise<Command> | null = null;

  private constructor(
    port: number,
    private readonly services: number,
  ) {
    this.#port = port;
    this.api = new ApiClient(this.url);
  }

  static async start({ services = 0 }: InstallationOptions = {}): Promise<Installation> {
    const installation = new Installation(await freePort(), services);
    try {
      await installation.#fill();
      await installation.#startServer();
      await installation.#createUsers();
      await installation.#startDemo();
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Speaks to the API as this user; the same session for every call. */
  as({ username, password }: Credentials): Promise<TestOperator> {
    const known = this.#signedIn.get(username);
    if (known) return known;
    const operator = TestOperator.signIn(this.api, username, password);
    this.#signedIn.set(username, operator);
    return operator;
  }

  /** A user made for one test. */
  async createUser(username: string, role: Role): Promise<User & Credentials> {
    const password = 'a-phrase-of-their-own';
    const owner = await this.as(USERS.owner);
    const user = await owner.post('/api/admin/users', { username, password, role }).expectOk<User>();
    return { ...user, password };
  }

  /** An agent made for one test, online and with one service; it does nothing by itself. */
  async enrolAgent(code: string, name: string): Promise<TestAgent> {
    const { token } = await (await this.as(USERS.owner)).createToken();
    const agent = await TestAgent.register(this.api, {
      registrationToken: token,
      agent: anAgentDescription({ code, name }),
      service: aReportedService({ code: `${code}-service`, name: `${name} service` }),
    });
    await agent.heartbeat().expectOk();
    return agent;
  }

  /** The demo's agent, with its services, as the server has it. */
  async demoAgent(): Promise<AgentDetail> {
    const owner = await this.as(USERS.owner);
    const { data } = await owner.get(`/api/admin/agents?q=${DEMO_AGENT}`).expectPage<AgentSummary>();
    const [agent] = data;
    if (!agent) throw new Error('The demo is not enrolled.');
    return owner.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();
  }

  /** The demo's service. */
  async demoService(): Promise<CapsuleService> {
    const [service] = (await this.demoAgent()).services;
    if (!service) throw new Error('The demo reports no service.');
    return service;
  }

  /** An action of the demo's service, begun past the console. */
  async startAction(name: string, payload: JsonObject = {}): Promise<Command> {
    const { id } = await this.demoService();
    const owner = await this.as(USERS.owner);
    return owner.post(`/api/admin/capsule-services/${id}/actions/${name}`, { payload }).expectOk<Command>();
  }

  /** A command as the server has it now. */
  async command(id: CommandId): Promise<Command> {
    return (await this.as(USERS.owner)).get(`/api/admin/commands/${id}`).expectOk<Command>();
  }

  /** A command of the action "echo" that has succeeded; the same one at every call. */
  echoed(): Promise<Command> {
    this.#echoed ??= this.#echo();
    return this.#echoed;
  }

  /** Ends the server, has `meanwhile` done, and starts the server again on the same data at the same address. */
  async restartServer(meanwhile: () => Promise<void>): Promise<void> {
    await this.#server?.stop();
    await meanwhile();
    await this.#startServer();
  }

  /** Ends everything, the newest first, and removes its files. */
  async stop(): Promise<void> {
    for (const program of this.#programs.reverse()) await program.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #environment(): Readonly<Record<string, string>> {
    return {
      OPSTAGE_DATA_DIR: this.#folder,
      OPSTAGE_LOG_LEVEL: 'warn',
      ...(this.services > 0 && NOTHING_GROWS_OLD),
    };
  }

  /** As the benchmark does: before the server ever runs, by its own schema. */
  async #fill(): Promise<void> {
    if (this.services === 0) return;
    const sizes = ['--services', String(this.services), '--commands', '0', '--audit-events', '0'];
    const database = join(this.#folder, 'opstage.db');
    const filler = new Program('libs/bench/fill/fill-store.js', ['--database', database, ...sizes], {});
    this.#programs.push(filler);
    await filler.finished();
  }

  async #echo(): Promise<Command> {
    let command = await this.startAction('echo', { text: 'Hello' });
    await eventually(async () => {
      command = await this.command(command.id);
      expect(command.status).toBe('SUCCEEDED');
    });
    return command;
  }

  async #startServer(): Promise<void> {
    const server = new Program('server/main.js', [], {
      ...this.#environment,
      OPSTAGE_PORT: String(this.#port),
      OPSTAGE_ADMIN_USERNAME: USERS.owner.username,
      OPSTAGE_ADMIN_PASSWORD: USERS.owner.password,
      // So that nobody waits for what the tests are not about.
      OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS: '1',
      OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: '5',
    });
    this.#server = server;
    this.#programs.push(server);
    await server.ready(async () => (await this.api.get('/health')).status === 200);
  }

  async #createUsers(): Promise<void> {
    const owner = await this.as(USERS.owner);
    for (const role of ['operator', 'viewer'] as const) {
      await owner.post('/api/admin/users', { ...USERS[role], role }).expectOk();
    }
  }

  async #startDemo(): Promise<void> {
    const maker = new Program(
      'server/cli/main.js',
      ['tokens', 'create', '--agent-code', DEMO_AGENT],
      this.#environment,
    );
    this.#programs.push(maker);
    const token = (await maker.finished()).trim().split('\n').at(-1) ?? '';
    const demo = new Program('libs/demo/main.js', [], {
      OPSTAGE_BACKEND_URL: this.url,
      OPSTAGE_REGISTRATION_TOKEN: token,
      OPSTAGE_AGENT_CODE: DEMO_AGENT,
      OPSTAGE_AGENT_TOKEN_FILE: join(this.#folder, 'agent-token.json'),
    });
    this.#programs.push(demo);
    await demo.ready(async () => (await this.demoService()).status === 'HEALTHY');
  }
}
