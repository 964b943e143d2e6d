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

/** The address of a server, and a user's credentials. */
export interface TargetAddress {
  readonly name: string;
  readonly url: URL;
  readonly username: string;
  readonly password: string;
  /** The process of a local server, whose CPU time can be read; else null. */
  readonly pid: number | null;
}

/** A running server and a signed-in operator. */
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

  /** A request by the operator, as text. */
  request(method: string, path: string, parts: RequestParts = {}): string {
    return requestText(this.endpoint, method, path, { ...parts, headers: { ...this.#headers, ...parts.headers } });
  }

  /** Sends a request that must succeed, and returns its data. @throws WireRefusal */
  async ask<T>(request: string): Promise<T> {
    return successOf<T>(await this.pool.send(request)).data;
  }

  get enroller() {
    return { endpoint: this.endpoint, pool: this.pool, headers: this.#headers };
  }

  /** Registers `count` new agents, each with a service. */
  enrol(count: number): Promise<readonly LightAgent[]> {
    return enrolFleet(this.enroller, count, `bench-${Date.now().toString(36)}`);
  }

  close(): void {
    this.pool.close();
  }
}
