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
} from '../../contracts/index.js';
import { NetworkError, RefusedError } from '../base/errors.js';
import type { StoredCredential } from '../base/types.js';
import { HttpTransport, type WireRequest } from './http-transport.js';

/** The intervals in a server's response; older servers leave some out. */
export type CadenceAnswer = Partial<AgentCadence>;
export type Registration = Pick<RegisterAgentResponse, 'agentId' | 'agentToken'> & CadenceAnswer;

export interface Poll {
  /** Maximum number of commands to take. */
  readonly limit: number;
  /** How long the server may hold the poll open while there are no commands; 0 to respond at once. */
  readonly waitSeconds: number;
  /** Aborts when the commands are no longer wanted. */
  readonly abandoned?: AbortSignal;
}

/** The calls of the agent API, made with the current credential. */
export class WireClient {
  // A `#` field, so that inspecting an agent does not print its token.
  #credential: StoredCredential | null = null;

  constructor(private readonly transport: HttpTransport) {}

  get serverUrl(): string {
    return this.transport.serverUrl;
  }

  /** Sets the credential for all further calls. */
  useCredential(credential: StoredCredential): void {
    this.#credential = credential;
  }

  async register(body: RegisterAgentRequest): Promise<Registration> {
    const answer = await this.transport.send({ method: 'POST', path: 'api/agents/register', body });
    const { agentId, agentToken } = fieldsOf<Registration>(answer);
    if (typeof agentId !== 'string' || typeof agentToken !== 'string')
      throw new NetworkError(`${this.serverUrl} registered the agent but returned no id or token.`, 'BAD_ANSWER');
    return { ...fieldsOf<CadenceAnswer>(answer), agentId, agentToken };
  }

  async heartbeat(body: HeartbeatRequest): Promise<Partial<HeartbeatResponse>> {
    return fieldsOf(await this.call({ method: 'POST', path: 'heartbeat', body }));
  }

  /** Replaces the current token; returns the new one. */
  async rotateToken(): Promise<string> {
    const { agentToken } = fieldsOf<RotateAgentTokenResponse>(await this.call({ method: 'POST', path: 'token' }));
    if (typeof agentToken !== 'string' || agentToken === '')
      throw new NetworkError(
        `${this.serverUrl} replaced the agent token but did not return the new one.`,
        'BAD_ANSWER',
      );
    return agentToken;
  }

  async reportServices(body: ReportServicesRequest): Promise<Partial<ReportServicesResponse>> {
    return fieldsOf(await this.call({ method: 'POST', path: 'services/report', body }));
  }

  /** Claims commands for this agent to run, oldest first; waits for one if the poll may be held. */
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

  /** `request.path` is relative to this agent's path. */
  private async call(request: WireRequest): Promise<unknown> {
    const credential = this.#credential;
    if (!credential) throw new Error('The agent must be registered before it can make agent calls.');
    const { agentId, agentToken } = credential;
    const path = `api/agents/${encodeURIComponent(agentId)}/${request.path}`;
    try {
      return await this.transport.send({ ...request, path, token: agentToken });
    } catch (error) {
      // The token was replaced during the call, so the server processed nothing of it.
      const isOutdated = error instanceof RefusedError && error.status === 401 && credential !== this.#credential;
      if (!isOutdated) throw error;
      return this.call(request);
    }
  }
}

const commandPath = (commandId: string, resource: string): string =>
  `commands/${encodeURIComponent(commandId)}/${resource}`;

/** `answer` as an object in which any field may be missing. */
const fieldsOf = <T extends object>(answer: unknown): Partial<T> =>
  typeof answer === 'object' && answer !== null ? answer : {};
