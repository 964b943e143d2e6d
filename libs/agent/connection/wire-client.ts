import type {
  AgentCadence,
  AgentCommand,
  CommandProgressRequest,
  CommandProgressResponse,
  CommandResultRequest,
  HeartbeatRequest,
  HeartbeatResponse,
  RegisterAgentRequest,
  RegisterAgentResponse,
  ReportServicesRequest,
  ReportServicesResponse,
  RotateAgentTokenResponse,
} from '#contracts';
import { NetworkError, RefusedError } from '../base/errors.js';
import { HttpTransport, type WireRequest } from './http-transport.js';
import type { StoredCredential } from './token-store.js';

/** What a server of this wire may say of the cadence; older ones leave things out. */
export type CadenceAnswer = Partial<AgentCadence>;
export type Registration = Pick<RegisterAgentResponse, 'agentId' | 'agentToken'> & CadenceAnswer;

export interface Poll {
  /** Commands to take at most. */
  readonly limit: number;
  /** How long the server may hold the poll open for want of commands; 0 for not at all. */
  readonly waitSeconds: number;
  /** Aborts when nobody waits for the commands any longer. */
  readonly abandoned?: AbortSignal;
}

/** The calls of the agent API, made with the credential last given. */
export class WireClient {
  // A `#` field: whoever prints an agent to look at it does not print its token.
  #credential: StoredCredential | null = null;

  constructor(private readonly transport: HttpTransport) {}

  get serverUrl(): string {
    return this.transport.serverUrl;
  }

  /** From now on calls are made as this agent. */
  useCredential(credential: StoredCredential): void {
    this.#credential = credential;
  }

  async register(body: RegisterAgentRequest): Promise<Registration> {
    const answer = await this.transport.send({ method: 'POST', path: 'api/agents/register', body });
    const { agentId, agentToken } = fieldsOf<Registration>(answer);
    if (typeof agentId !== 'string' || typeof agentToken !== 'string')
      throw new NetworkError(`${this.serverUrl} registered the agent but named no id or token.`, 'BAD_ANSWER');
    return { ...fieldsOf<CadenceAnswer>(answer), agentId, agentToken };
  }

  async heartbeat(body: HeartbeatRequest): Promise<Partial<HeartbeatResponse>> {
    return fieldsOf(await this.call({ method: 'POST', path: 'heartbeat', body }));
  }

  /** A new token in place of the one this call is made with. */
  async rotateToken(): Promise<string> {
    const { agentToken } = fieldsOf<RotateAgentTokenResponse>(await this.call({ method: 'POST', path: 'token' }));
    if (typeof agentToken !== 'string' || agentToken === '')
      throw new NetworkError(`${this.serverUrl} replaced the agent token but named no new one.`, 'BAD_ANSWER');
    return agentToken;
  }

  async reportServices(body: ReportServicesRequest): Promise<Partial<ReportServicesResponse>> {
    return fieldsOf(await this.call({ method: 'POST', path: 'services/report', body }));
  }

  /** The commands that are now this agent's to run, oldest first; waits for one when the poll may be held. */
  async pollCommands({ limit, waitSeconds, abandoned }: Poll): Promise<readonly AgentCommand[]> {
    const wait = waitSeconds > 0 ? `&wait=${waitSeconds}` : '';
    const answer = await this.call({
      method: 'GET',
      path: `commands?limit=${limit}${wait}`,
      holdSeconds: waitSeconds,
      abandoned,
    });
    return Array.isArray(answer) ? (answer as readonly AgentCommand[]) : [];
  }

  async sendProgress(commandId: string, body: CommandProgressRequest): Promise<Partial<CommandProgressResponse>> {
    return fieldsOf(await this.call({ method: 'POST', path: commandPath(commandId, 'progress'), body }));
  }

  async sendResult(commandId: string, body: CommandResultRequest): Promise<void> {
    await this.call({ method: 'POST', path: commandPath(commandId, 'result'), body });
  }

  /** `request.path` is below the agent's own. */
  private async call(request: WireRequest): Promise<unknown> {
    const credential = this.#credential;
    if (!credential) throw new Error('No agent call can be made before the agent is registered.');
    const { agentId, agentToken } = credential;
    const path = `api/agents/${encodeURIComponent(agentId)}/${request.path}`;
    try {
      return await this.transport.send({ ...request, path, token: agentToken });
    } catch (error) {
      // The token was replaced while the call was under way: the server took none of it.
      const isOutdated = error instanceof RefusedError && error.status === 401 && credential !== this.#credential;
      if (!isOutdated) throw error;
      return this.call(request);
    }
  }
}

const commandPath = (commandId: string, what: string): string => `commands/${encodeURIComponent(commandId)}/${what}`;

/** `answer` as an object whose fields may all be missing. */
const fieldsOf = <T extends object>(answer: unknown): Partial<T> =>
  typeof answer === 'object' && answer !== null ? answer : {};
