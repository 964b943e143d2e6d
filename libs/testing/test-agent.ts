import type {
  AcceptedService,
  AgentCommand,
  AgentDescription,
  AgentId,
  CommandId,
  CommandProgressRequest,
  CommandResultRequest,
  HeartbeatRequest,
  RegisterAgentResponse,
  ReportedService,
  ReportServicesResponse,
  RotateAgentTokenResponse,
} from '#contracts';
import { ApiClient, type ApiCall, type RequestOptions } from './api-client.js';

interface Registration {
  readonly registrationToken: string;
  readonly agent: AgentDescription;
  readonly service?: ReportedService;
}

/** A registered agent that makes only the calls a test asks for. */
export class TestAgent {
  private constructor(
    readonly api: ApiClient,
    readonly code: string,
    readonly id: AgentId,
    readonly token: string,
  ) {}

  static async register(api: ApiClient, registration: Registration): Promise<TestAgent> {
    const answer = await api.post('/api/agents/register', registration).expectOk<RegisterAgentResponse>();
    return new TestAgent(api, registration.agent.code, answer.agentId, answer.agentToken);
  }

  /** The same agent, calling another server. */
  at(api: ApiClient): TestAgent {
    return new TestAgent(api, this.code, this.id, this.token);
  }

  /** The same agent with a new, still unused token. */
  async rotateToken(): Promise<TestAgent> {
    const { agentToken } = await this.request('POST', '/token').expectOk<RotateAgentTokenResponse>();
    return new TestAgent(this.api, this.code, this.id, agentToken);
  }

  /** A call below the agent's own path; `path` starts with a slash. */
  request(method: string, path: string, options: RequestOptions = {}): ApiCall {
    const headers = { authorization: `Bearer ${this.token}`, ...options.headers };
    return this.api.request(method, `/api/agents/${this.id}${path}`, { ...options, headers });
  }

  heartbeat(body: HeartbeatRequest = {}): ApiCall {
    return this.request('POST', '/heartbeat', { body });
  }

  report(services: readonly ReportedService[], complete?: boolean): ApiCall {
    return this.request('POST', '/services/report', { body: { services, complete } });
  }

  /** Reports one service and returns it as the server accepted it. */
  async reportService(service: ReportedService): Promise<AcceptedService> {
    const { services } = await this.report([service]).expectOk<ReportServicesResponse>();
    const [accepted] = services;
    if (!accepted) throw new Error(`Service ${service.code} was not accepted.`);
    return accepted;
  }

  /** @param holding what it has and has not answered; left out by an agent that keeps no record of it */
  poll(limit = 10, holding?: readonly CommandId[]): Promise<readonly AgentCommand[]> {
    const held = holding && (holding.length === 0 ? '&holding=' : holding.map((id) => `&holding=${id}`).join(''));
    return this.request('GET', `/commands?limit=${limit}${held ?? ''}`).expectOk<readonly AgentCommand[]>();
  }

  /** A long poll, held open until there is a command or `waitSeconds` have passed. */
  park(waitSeconds = 50, limit = 10): ApiCall {
    return this.request('GET', `/commands?limit=${limit}&wait=${waitSeconds}`);
  }

  progress(id: CommandId, report: CommandProgressRequest = {}): ApiCall {
    return this.request('POST', `/commands/${id}/progress`, { body: report });
  }

  complete(id: CommandId, result: CommandResultRequest): ApiCall {
    return this.request('POST', `/commands/${id}/result`, { body: result });
  }
}
