import {
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What something in front of a server says in its place; null lets the call pass. */
export type Interference = (call: { readonly path: string; readonly body: string }) => RequestListener | null;

/** A proxy in front of a wire server that may answer calls itself. */
export class Firewall {
  interfere: Interference = () => null;
  /** Whether the answer to this call gets lost after the server has given it. */
  loses: (call: { readonly path: string; readonly answer: string }) => boolean = () => false;
  /** Paths of the calls that did not pass. */
  readonly refused: string[] = [];
  private readonly http: Server;

  private constructor(private readonly target: string) {
    this.http = createServer((incoming, answer) => void this.serve(incoming, answer));
  }

  static async before(target: string): Promise<Firewall> {
    const firewall = new Firewall(target);
    await new Promise<void>((resolve) => firewall.http.listen(0, '127.0.0.1', resolve));
    return firewall;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await textOf(incoming);
    const path = incoming.url ?? '';
    const instead = this.interfere({ path, body });
    if (instead) {
      this.refused.push(path);
      instead(incoming, answer);
      return;
    }
    const { method, headers } = incoming;
    const passed = request(`${this.target}${path}`, { method, headers }, (response) => {
      void this.passOn(path, response, answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    passed.end(body);
  }

  private async passOn(path: string, response: IncomingMessage, answer: ServerResponse): Promise<void> {
    const text = await textOf(response);
    if (this.loses({ path, answer: text })) {
      answer.destroy();
      return;
    }
    const { 'transfer-encoding': _, 'content-length': __, ...headers } = response.headers;
    answer.writeHead(response.statusCode ?? 502, headers);
    answer.end(text);
  }
}

const textOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** An answer that is not the server's. */
export const page =
  (status: number, headers: Record<string, string> = {}, body = '<html>Not here.</html>'): RequestListener =>
  (_, answer) =>
    answer.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
