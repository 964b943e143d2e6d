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

/** Whether nothing was listening, so that any request can safely be sent to another server. */
const isRefused = (error: unknown): boolean => (error as { readonly code?: unknown }).code === 'ECONNREFUSED';

/** Headers that apply to a single connection: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

const endToEnd = (headers: IncomingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/** A minimal load balancer: each request goes to the next server, on a new connection. */
export class RoundRobin {
  #turn = 0;

  private constructor(
    private readonly targets: readonly string[],
    private readonly server: Server,
  ) {
    // No keep-alive, so that clients never reuse a connection that is about to be closed as idle.
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
      // The client or the server closed the connection; pass that on as it is.
      response.destroy();
    }
  }

  /** Sends the request to the next server that accepts connections. */
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
    // A client that disconnects cancels the forwarded request.
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }

  /** All servers, starting with the next; concurrent requests must not lead back to one that is down. */
  #nextFirst(): readonly URL[] {
    const first = this.#turn % this.targets.length;
    this.#turn += 1;
    return [...this.targets.slice(first), ...this.targets.slice(0, first)].map((target) => new URL(target));
  }
}
