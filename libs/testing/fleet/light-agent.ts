import type { AgentId, CapsuleServiceId, CommandId, CommandResultRequest, RegisterAgentResponse } from '#contracts';
import type { Endpoint } from './http-connection.js';
import { requestText } from './wire.js';

const HEALTH = { status: 'UP', message: 'All is well.', details: { queueLength: 3, cacheHitRatio: 0.97 } } as const;

/** A minimal agent: it builds its requests as text, for others to send. */
export class LightAgent {
  readonly id: AgentId;
  /** A heartbeat with the unchanged health of its service. */
  readonly heartbeat: string;
  readonly #headers: Readonly<Record<string, string>>;
  #serviceId: CapsuleServiceId | null = null;

  constructor(
    private readonly endpoint: Endpoint,
    readonly code: string,
    { agentId, agentToken }: RegisterAgentResponse,
  ) {
    this.id = agentId;
    this.#headers = { Authorization: `Bearer ${agentToken}` };
    const body = { services: [{ code, health: HEALTH }] };
    this.heartbeat = this.#request('POST', '/heartbeat', body);
  }

  /** The id of its service. @throws Error before `knownAs` */
  get serviceId(): CapsuleServiceId {
    if (this.#serviceId === null) throw new Error(`The id of the service of ${this.code} is not known yet.`);
    return this.#serviceId;
  }

  /** Sets the id the server gave to its service. */
  knownAs(serviceId: CapsuleServiceId): void {
    this.#serviceId = serviceId;
  }

  /** A poll that may be held open for that long; 0 returns immediately. */
  poll(waitSeconds: number): string {
    return this.#request('GET', `/commands?limit=10${waitSeconds > 0 ? `&wait=${waitSeconds}` : ''}`);
  }

  /** The result of a command. */
  result(id: CommandId, result: CommandResultRequest): string {
    return this.#request('POST', `/commands/${id}/result`, result);
  }

  /** A report of its service, unchanged since the registration. */
  report(): string {
    return this.#request('POST', '/services/report', { services: [lightService(this.code)] });
  }

  #request(method: string, path: string, body?: unknown): string {
    return requestText(this.endpoint, method, `/api/agents/${this.id}${path}`, { headers: this.#headers, body });
  }
}

/** The service of a light agent; it has the agent's code. */
export const lightService = (code: string) => ({
  code,
  name: `Service ${code}`,
  description: 'Part of a simulated fleet.',
  version: '1.4.2',
  runtime: 'nodejs',
  health: HEALTH,
  configs: [
    { key: 'http.port', type: 'number', label: 'Port', valuePreview: 8080 },
    { key: 'database.password', type: 'string', sensitive: true, secretRef: 'vault:db' },
  ],
  actions: [
    {
      name: 'echo',
      label: 'Echo',
      inputSchema: {
        type: 'object',
        properties: { text: { type: 'string', maxLength: 100 } },
        required: ['text'],
        additionalProperties: false,
      },
    },
  ],
});
