import type { AgentCommand } from '../../contracts/index.js';
import type { CapsuleAgentOptions, LogEntry } from '../base/types.js';
import { CapsuleAgent } from '../capsule-agent.js';
import { MemoryTokenStore } from '../connection/token-store.js';
import { REGISTRATION_TOKEN, WireServer } from './wire-server.js';

/** Fast enough to test with. */
export const QUICK = {
  heartbeatSeconds: 0.03,
  pollSeconds: 0.02,
  reportSeconds: 60,
  retryBaseSeconds: 0.01,
  retryMaxSeconds: 0.05,
  refusedRetrySeconds: 0.03,
};

export interface AgentWithLog {
  readonly agent: CapsuleAgent;
  readonly logs: readonly LogEntry[];
  /** The log lines that contain `text`. */
  readonly logged: (text: string) => readonly LogEntry[];
}

/** An agent of `server` with one service and short intervals; its log is recorded. */
export const anAgent = (
  server: Pick<WireServer, 'url'>,
  overrides: Partial<CapsuleAgentOptions> = {},
): AgentWithLog => {
  const logs: LogEntry[] = [];
  const agent = new CapsuleAgent({
    backendUrl: server.url,
    registrationToken: REGISTRATION_TOKEN,
    tokenStore: new MemoryTokenStore(),
    agent: { code: 'agent-1' },
    ...(!overrides.services && { service: { code: 'orders', name: 'Orders' } }),
    intervals: QUICK,
    timeouts: { requestSeconds: 2, healthSeconds: 0.2, stopSeconds: 2 },
    onLog: (entry) => logs.push(entry),
    ...overrides,
  });
  return { agent, logs, logged: (text) => logs.filter(({ message }) => message.includes(text)) };
};

/** A wire server and the agents a test connects to it. */
export class TestBench {
  private readonly agents: CapsuleAgent[] = [];

  private constructor(public server: WireServer) {}

  static async open(): Promise<TestBench> {
    return new TestBench(await WireServer.start());
  }

  /** Creates an agent, lets `prepare` add to it, and starts it. */
  async start(
    overrides: Partial<CapsuleAgentOptions> = {},
    prepare: (agent: CapsuleAgent) => unknown = () => null,
  ): Promise<AgentWithLog> {
    const made = anAgent(this.server, overrides);
    this.agents.push(made.agent);
    prepare(made.agent);
    await made.agent.start();
    return made;
  }

  /** Restarts the server at the same address; it still knows its agents. */
  async restartServer(): Promise<void> {
    const { port, agentTokens } = this.server;
    await this.server.stop();
    this.server = await WireServer.start(port);
    agentTokens.forEach((token) => this.server.agentTokens.add(token));
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop()));
    await this.server.stop();
  }
}

let commandCount = 0;

/** A command for the service of `anAgent`, with a unique id and a minute to run. */
export const aCommand = (overrides: Partial<AgentCommand> = {}): AgentCommand => {
  commandCount += 1;
  return {
    id: `cmd_${commandCount}`,
    type: 'ACTION_EXECUTE',
    status: 'RUNNING',
    agentId: 'agt_1',
    serviceId: 'svc_1',
    serviceCode: 'orders',
    actionName: 'work',
    payload: {},
    createdAt: '2026-11-01T12:00:00.000Z',
    startedAt: '2026-11-01T12:00:00.000Z',
    expiresAt: '2026-11-01T12:01:00.000Z',
    timeoutSeconds: null,
    ...overrides,
  };
};
