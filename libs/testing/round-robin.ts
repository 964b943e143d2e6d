import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Nothing was listening there: the request can go elsewhere, whatever it is. */
const isRefused = (error: unknown): boolean => (error as { readonly code?: unknown }).code === 'ECONNREFUSED';

/** Headers that are about one connection only: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

const endToEnd = (headers: IncomingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/** The simplest load balancer: each request goes to the next server, on a connection of its own. */
export class RoundRobin {
  #turn = 0;

  private constructor(
    private readonly targets: readonly string[],
    private readonly server: Server,
  ) {
    // A client is never told to go on with a connection that is about to be closed for having been idle.
    server.keepAliveTimeout = 0;
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
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    } catch {
      // It hung up, or its server did: a client sees that as it is.
      response.destroy();
    }
  }

  /** Asks the server whose turn it is; one that is not there is passed over. */
  async #ask(incoming: IncomingMessage, response: ServerResponse, body: Buffer): Promise<IncomingMessage> {
    let refusal: unknown;
    for (const target of this.#nextFirst()) {
      try {
        return await this.#send(target, incoming, response, body);
      } catch (error) {
        if (!isRefused(error)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  async #send(
    target: URL,
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<IncomingMessage> {
    const { method, url = '/', headers } = incoming;
    const outgoing = request(new URL(url, target), { method, headers: endToEnd(headers), agent: false });
    // Who hangs up must not be waited for.
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }

  /** All servers, beginning with the next one: requests that come meanwhile must not lead back to one that is gone. */
  #nextFirst(): readonly URL[] {
    const first = this.#turn % this.targets.length;
    this.#turn += 1;
    return [...this.targets.slice(first), ...this.targets.slice(0, first)].map((target) => new URL(target));
  }
}
