import {
  ApiClient,
  ConnectionPool,
  enrolFleet,
  operatorHeaders,
  requestText,
  successOf,
  TestOperator,
  type Endpoint,
  type LightAgent,
  type RequestParts,
} from '#testing';

const CONNECTIONS = 64;

/** Where a server is, and who may enter it. */
export interface TargetAddress {
  readonly name: string;
  readonly url: URL;
  readonly username: string;
  readonly password: string;
  /** Of a server on this machine whose CPU time may be read; else null. */
  readonly pid: number | null;
}

/** A running server with an operator signed in to it. */
export class Target {
  readonly endpoint: Endpoint;
  readonly pool: ConnectionPool;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(
    readonly address: TargetAddress,
    readonly operator: TestOperator,
  ) {
    const { hostname, port } = address.url;
    this.endpoint = { host: hostname, port: Number(port || 80) };
    this.pool = new ConnectionPool(this.endpoint, CONNECTIONS);
    this.#headers = operatorHeaders(operator);
  }

  static async open(address: TargetAddress): Promise<Target> {
    const api = new ApiClient(address.url.origin);
    return new Target(address, await TestOperator.signIn(api, address.username, address.password));
  }

  get pid(): number | null {
    return this.address.pid;
  }

  /** A request of the operator's, as text. */
  request(method: string, path: string, parts: RequestParts = {}): string {
    return requestText(this.endpoint, method, path, { ...parts, headers: { ...this.#headers, ...parts.headers } });
  }

  /** Sends a request that must succeed, and answers with its data. @throws WireRefusal */
  async ask<T>(request: string): Promise<T> {
    return successOf<T>(await this.pool.send(request)).data;
  }

  get enroller() {
    return { endpoint: this.endpoint, pool: this.pool, headers: this.#headers };
  }

  /** Registers that many new agents, each with a service. */
  enrol(count: number): Promise<readonly LightAgent[]> {
    return enrolFleet(this.enroller, count, `bench-${Date.now().toString(36)}`);
  }

  close(): void {
    this.pool.close();
  }
}
