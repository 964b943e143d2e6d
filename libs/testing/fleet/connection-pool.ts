import { HttpConnection, type Endpoint } from './http-connection.js';
import type { RawAnswer } from './response-reader.js';

/** A fixed number of keep-alive connections that many senders share; who comes when all are busy waits. */
export class ConnectionPool {
  readonly #all: HttpConnection[] = [];
  readonly #idle: HttpConnection[] = [];
  readonly #waiting: ((connection: HttpConnection) => void)[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    private readonly size: number,
  ) {}

  /** Sends one request over the first connection that is free. @throws Error when no answer came */
  async send(request: string): Promise<RawAnswer> {
    const connection = await this.#take();
    try {
      return await connection.send(request);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(connection);
      else this.#idle.push(connection);
    }
  }

  /** Ends all connections; what is under way is rejected. */
  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #take(): HttpConnection | Promise<HttpConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.length >= this.size) return new Promise((resolve) => this.#waiting.push(resolve));
    const connection = new HttpConnection(this.endpoint);
    this.#all.push(connection);
    return connection;
  }
}
