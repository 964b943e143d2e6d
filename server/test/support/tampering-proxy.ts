import {
  createServer,
  request as requestUpstream,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that a {@link TamperingProxy} has seen. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/** What happens to a request: it is passed on, its answer is lost after the server gave it, or a page stands in for the server. */
export type Tampering = 'pass' | 'lose-answer' | 'page';

/** Stands between an agent and a server, remembers every request, and does to it what the test says. */
export class TamperingProxy {
  readonly seen: SeenRequest[] = [];
  /** Decides about a request. Passes all on at first. */
  tamper: (request: SeenRequest) => Tampering = () => 'pass';
  /** Changes the data of an answer. Changes nothing at first. */
  edit: (request: SeenRequest, data: object) => object = (_, data) => data;

  private constructor(
    private readonly server: Server,
    private readonly upstream: string,
  ) {}

  /** Listens on a free port of loopback. */
  static async inFrontOf(upstream: string): Promise<TamperingProxy> {
    const server = createServer();
    const proxy = new TamperingProxy(server, upstream);
    server.on('request', (request: IncomingMessage, answer: ServerResponse) => {
      proxy.handle(request, answer).catch(() => answer.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many requests with this method came to a path that matches. */
  count(method: string, path: RegExp): number {
    return this.seen.filter((request) => request.method === method && path.test(request.path)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const seen = { method: request.method ?? '', path: request.url ?? '', body: await text(request) };
    this.seen.push(seen);
    const tampering = this.tamper(seen);
    if (tampering === 'page') {
      answer.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
      return;
    }
    const { status, body } = await this.pass(request, answer, seen);
    if (tampering === 'lose-answer') answer.destroy();
    else answer.writeHead(status, { 'content-type': 'application/json' }).end(this.edited(seen, body));
  }

  private async pass(
    { headers }: IncomingMessage,
    answer: ServerResponse,
    { method, path, body }: SeenRequest,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const came = await new Promise<IncomingMessage>((resolve, reject) => {
      const upstream = requestUpstream(`${this.upstream}${path}`, { method, headers }, resolve);
      upstream.on('error', reject);
      answer.on('close', () => upstream.destroy());
      upstream.end(body);
    });
    return { status: came.statusCode ?? 502, body: await text(came) };
  }

  private edited(request: SeenRequest, body: string): string {
    const envelope = JSON.parse(body) as { readonly data?: object };
    return envelope.data ? JSON.stringify({ ...envelope, data: this.edit(request, envelope.data) }) : body;
  }
}
