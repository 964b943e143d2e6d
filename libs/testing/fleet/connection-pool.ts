import { HttpConnection, type Endpoint } from './http-connection.js';
import type { RawAnswer } from './response-reader.js';

/** A fixed number of shared keep-alive connections; requests queue while all are busy. */
export class ConnectionPool {
  readonly #all: HttpConnection[] = [];
  readonly #idle: HttpConnection[] = [];
  readonly #waiting: ((connection: HttpConnection) => void)[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    private readonly size: number,
  ) {}

  /** Sends a request over the first free connection. @throws Error when there is no response */
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

  /** Closes all connections; pending requests are rejected. */
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
