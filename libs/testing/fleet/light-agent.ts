import type { AgentId, CapsuleServiceId, CommandId, CommandResultRequest, RegisterAgentResponse } from '#contracts';
import type { Endpoint } from './http-connection.js';
import { requestText } from './wire.js';

const HEALTH = { status: 'UP', message: 'All is well.', details: { queueLength: 3, cacheHitRatio: 0.97 } } as const;

/** An agent that is little more than its credential: it makes requests, others send them. */
export class LightAgent {
  readonly id: AgentId;
  /** The heartbeat with the unchanged health of its service. */
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

  /** The service it registered with. @throws Error before `knownAs` */
  get serviceId(): CapsuleServiceId {
    if (this.#serviceId === null) throw new Error(`Nobody has looked up the service of ${this.code}.`);
    return this.#serviceId;
  }

  /** Notes the id under which the server knows its service. */
  knownAs(serviceId: CapsuleServiceId): void {
    this.#serviceId = serviceId;
  }

  /** A poll that may be held open that long; 0 is answered at once. */
  poll(waitSeconds: number): string {
    return this.#request('GET', `/commands?limit=10${waitSeconds > 0 ? `&wait=${waitSeconds}` : ''}`);
  }

  /** The result of a command. */
  result(id: CommandId, result: CommandResultRequest): string {
    return this.#request('POST', `/commands/${id}/result`, result);
  }

  /** The report of its service as it registered it. */
  report(): string {
    return this.#request('POST', '/services/report', { services: [lightService(this.code)] });
  }

  #request(method: string, path: string, body?: unknown): string {
    return requestText(this.endpoint, method, `/api/agents/${this.id}${path}`, { headers: this.#headers, body });
  }
}

/** The service each light agent has; its code is the agent's own. */
export const lightService = (code: string) => ({
  code,
  name: `Service ${code}`,
  description: 'One of a simulated fleet.',
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
