import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Nothing was listening there: the request can go elsewhere, whatever it is. */
const isRefused = (error: unknown): boolean => (error as { readonly code?: unknown }).code === 'ECONNREFUSED';

/** The simplest load balancer: each request goes to the next server, on a connection of its own. */
export class RoundRobin {
  #turn = 0;

  private constructor(
    private readonly targets: readonly string[],
    private readonly server: Server,
  ) {
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      void this.#forward(incoming, response);
    });
  }

  static async open(targets: readonly string[]): Promise<RoundRobin> {
    const balancer = new RoundRobin(targets, createServer());
    balancer.server.listen(0, '127.0.0.1');
    await once(balancer.server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.#ask(incoming, response, await buffer(incoming));
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    } catch {
      // It hung up, or its server did: a client sees that as it is.
      response.destroy();
    }
  }

  /** Asks the server whose turn it is; one that is not there is passed over. */
  async #ask(incoming: IncomingMessage, response: ServerResponse, body: Buffer): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send(this.#next(), incoming, response, body);
      } catch (error) {
        if (!isRefused(error) || attempt === this.targets.length) throw error;
      }
    }
  }

  async #send(
    target: URL,
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<IncomingMessage> {
    const { method, url = '/', headers } = incoming;
    const outgoing = request(new URL(url, target), { method, headers, agent: false });
    // Who hangs up must not be waited for.
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }

  #next(): URL {
    const target = this.targets[this.#turn % this.targets.length];
    this.#turn += 1;
    if (!target) throw new Error('There is no server to ask.');
    return new URL(target);
  }
}
