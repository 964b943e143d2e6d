import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDetail, AgentSummary, CapsuleService, Command, CommandId, JsonObject, Role, User } from '#contracts';
import {
  aReportedService,
  anAgentDescription,
  eventually,
  Program,
  ServerUnderTest,
  TestAgent,
  TestOperator,
  type ApiClient,
  type Credentials,
} from '#testing';

export const DEMO_AGENT = 'demo-agent';

/** One user of each role, created at the start. */
export const USERS: Readonly<Record<Role, Credentials>> = {
  owner: { username: 'owner', password: 'correct-horse-battery' },
  operator: { username: 'olga', password: 'one-nobody-guesses-at-all' },
  viewer: { username: 'vito', password: 'one-that-is-as-good-as-it' },
};

export interface InstallationOptions {
  /** How many services to fill the database with. Default: none. */
  readonly services?: number;
}

/** Agents of filled-in services never call, so they must not become offline or stale during a test. */
const NOTHING_GROWS_OLD = {
  OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: '86400',
  OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS: '86400',
};

/** Short intervals, so that no test waits for them. */
const SHORT_INTERVALS = {
  OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS: '1',
  OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: '5',
};

/** The built server in a process of its own, with an empty database, and the demo service enrolled with it. */
export class Installation {
  readonly #signedIn = new Map<string, Promise<TestOperator>>();
  readonly #programs: Program[] = [];
  readonly #server: ServerUnderTest;
  #echoed: Promise<Command> | null = null;

  private constructor(
    server: ServerUnderTest,
    private readonly folder: string,
    private readonly services: number,
  ) {
    this.#server = server;
  }

  static async start({ services = 0 }: InstallationOptions = {}): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-browser-'));
    const settings = { ...SHORT_INTERVALS, OPSTAGE_LOG_LEVEL: 'warn', ...(services > 0 && NOTHING_GROWS_OLD) };
    const server = await ServerUnderTest.create({ dataDir: folder, owner: USERS.owner, settings });
    const installation = new Installation(server, folder, services);
    try {
      await installation.#fill();
      await server.start();
      await installation.#createUsers();
      await installation.#startDemo();
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  get api(): ApiClient {
    return this.#server.api;
  }

  get url(): string {
    return this.#server.url;
  }

  /** An API client signed in as this user; every call returns the same session. */
  as({ username, password }: Credentials): Promise<TestOperator> {
    const known = this.#signedIn.get(username);
    if (known) return known;
    const operator = TestOperator.signIn(this.api, username, password);
    this.#signedIn.set(username, operator);
    return operator;
  }

  /** Creates a user for one test. */
  async createUser(username: string, role: Role): Promise<User & Credentials> {
    const password = 'a-phrase-of-their-own';
    const owner = await this.as(USERS.owner);
    const user = await owner.post('/api/admin/users', { username, password, role }).expectOk<User>();
    return { ...user, password };
  }

  /** Enrols an agent for one test: online, with one service, and passive. */
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

  /** The demo's agent with its services, as the server returns it. */
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

  /** Starts an action of the demo's service through the API. */
  async startAction(name: string, payload: JsonObject = {}): Promise<Command> {
    const { id } = await this.demoService();
    const owner = await this.as(USERS.owner);
    return owner.post(`/api/admin/capsule-services/${id}/actions/${name}`, { payload }).expectOk<Command>();
  }

  /** The current state of a command. */
  async command(id: CommandId): Promise<Command> {
    return (await this.as(USERS.owner)).get(`/api/admin/commands/${id}`).expectOk<Command>();
  }

  /** A succeeded command of the action "echo"; the same one at every call. */
  echoed(): Promise<Command> {
    this.#echoed ??= this.#echo();
    return this.#echoed;
  }

  /** Restarts the server with the same data and address, and runs `meanwhile` while it is down. */
  async restartServer(meanwhile: () => Promise<void>): Promise<void> {
    await this.#server.stop();
    await meanwhile();
    await this.#server.start();
  }

  /** Stops everything, the newest first, and removes the files. */
  async stop(): Promise<void> {
    for (const program of this.#programs.reverse()) await program.stop();
    await this.#server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Fills the database as the benchmark does, before the server first starts. */
  async #fill(): Promise<void> {
    if (this.services === 0) return;
    const sizes = ['--services', String(this.services), '--commands', '0', '--audit-events', '0'];
    const args = ['--database', join(this.folder, 'opstage.db'), ...sizes];
    const filler = new Program('libs/bench/fill/fill-store.js', { args });
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

  async #createUsers(): Promise<void> {
    const owner = await this.as(USERS.owner);
    for (const role of ['operator', 'viewer'] as const) {
      await owner.post('/api/admin/users', { ...USERS[role], role }).expectOk();
    }
  }

  async #startDemo(): Promise<void> {
    const maker = new Program('server/cli/main.js', {
      args: ['tokens', 'create', '--agent-code', DEMO_AGENT],
      settings: { OPSTAGE_DATA_DIR: this.folder, OPSTAGE_LOG_LEVEL: 'warn' },
    });
    this.#programs.push(maker);
    const token = (await maker.finished()).trim().split('\n').at(-1) ?? '';
    const demo = new Program('libs/demo/main.js', {
      settings: {
        OPSTAGE_BACKEND_URL: this.url,
        OPSTAGE_REGISTRATION_TOKEN: token,
        OPSTAGE_AGENT_CODE: DEMO_AGENT,
        OPSTAGE_AGENT_TOKEN_FILE: join(this.folder, 'agent-token.json'),
      },
    });
    this.#programs.push(demo);
    await demo.ready(async () => (await this.demoService()).status === 'HEALTHY');
  }
}
