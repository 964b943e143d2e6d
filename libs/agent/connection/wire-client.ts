import type {
  AgentCadence,
  AgentCommand,
  CommandId,
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

/** A heartbeat with what newer servers understand. */
export interface AgentHeartbeat extends HeartbeatRequest {
  /** The agent stops on purpose. */
  readonly leaving?: { readonly backInSeconds?: number };
}

/** A problem with the content of a call that the server accepted anyway. */
export interface AnswerWarning {
  /** Dotted path of the field. */
  readonly path: string;
  readonly message: string;
}

/** Called with the warnings of every answer, none included; `call` says which call, for example `heartbeat`. */
export type WarningListener = (call: string, warnings: readonly AnswerWarning[]) => void;

export type Registration = Pick<RegisterAgentResponse, 'agentId' | 'agentToken'> & CadenceAnswer;

export interface Poll {
  /** Maximum number of commands to take. */
  readonly limit: number;
  /** How long the server may hold the poll open while there are no commands; 0 to respond at once. */
  readonly waitSeconds: number;
  /** The commands this agent has and has not answered; null when it could not recognise one it ran before a crash. */
  readonly holding: readonly string[] | null;
  /** Aborts when the commands are no longer wanted. */
  readonly abandoned?: AbortSignal;
}

/** The calls of the agent API, made with the current credential. */
export class WireClient {
  // A `#` field, so that inspecting an agent does not print its token.
  #credential: StoredCredential | null = null;

  constructor(
    private readonly transport: HttpTransport,
    private readonly onWarnings: WarningListener = () => undefined,
  ) {}

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

  async heartbeat(body: AgentHeartbeat): Promise<Partial<HeartbeatResponse>> {
    const answer = fieldsOf<HeartbeatResponse>(await this.call({ method: 'POST', path: 'heartbeat', body }));
    this.warn('heartbeat', answer);
    return { ...answer, cancelledCommandIds: listOf(answer.cancelledCommandIds).filter(isText) as CommandId[] };
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
    const answer = fieldsOf<ReportServicesResponse>(await this.call({ method: 'POST', path: 'services/report', body }));
    this.warn('report', answer);
    return {
      services: listOf(answer.services).filter(isObject) as unknown as ReportServicesResponse['services'],
      rejected: listOf(answer.rejected).filter(isObject) as unknown as ReportServicesResponse['rejected'],
    };
  }

  /** Claims commands for this agent to run, oldest first; waits for one if the poll may be held. */
  async pollCommands({ limit, waitSeconds, holding, abandoned }: Poll): Promise<readonly AgentCommand[]> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (waitSeconds > 0) query.set('wait', String(waitSeconds));
    // An empty `holding` says that this agent has none.
    if (holding) for (const id of holding.length > 0 ? holding : ['']) query.append('holding', id);
    const path = `commands?${query.toString()}`;
    const answer = await this.call({ method: 'GET', path, holdSeconds: waitSeconds, abandoned });
    return listOf(answer)
      .filter(isObject)
      .filter((command) => isText(command.id))
      .map((command) => ({ ...command, payload: isObject(command.payload) ? command.payload : {} }) as AgentCommand);
  }

  async sendProgress(commandId: string, body: CommandProgressRequest): Promise<Partial<CommandProgressResponse>> {
    const path = commandPath(commandId, 'progress');
    const answer = fieldsOf<CommandProgressResponse>(await this.call({ method: 'POST', path, body }));
    this.warn(`progress of ${commandId}`, answer);
    return answer;
  }

  async sendResult(commandId: string, body: CommandResultRequest): Promise<void> {
    const answer = await this.call({ method: 'POST', path: commandPath(commandId, 'result'), body });
    this.warn(`result of ${commandId}`, answer);
  }

  private warn(call: string, answer: unknown): void {
    const { warnings } = fieldsOf<{ readonly warnings: unknown }>(answer);
    this.onWarnings(
      call,
      listOf(warnings)
        .filter(isObject)
        .map(({ path, message }) => ({ path: String(path), message: String(message) })),
    );
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

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const commandPath = (commandId: string, resource: string): string =>
  `commands/${encodeURIComponent(commandId)}/${resource}`;

/** `answer` as an object in which any field may be missing. */
const fieldsOf = <T extends object>(answer: unknown): Partial<T> =>
  typeof answer === 'object' && answer !== null ? answer : {};
