import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgentCommand, CommandProgressRequest, CommandResultRequest } from '../../contracts/index.js';
import { ParkedPolls } from './parked-polls.js';

export type WireCall = 'register' | 'heartbeat' | 'token' | 'report' | 'poll' | 'progress' | 'result';

export interface ReceivedCall {
  readonly call: WireCall;
  readonly token: string | null;
  readonly query: URLSearchParams;
  /** Null without one. */
  readonly body: unknown;
  /** Only for results and progress. */
  readonly commandId: string | null;
  /** Aborts when the caller has disconnected. */
  readonly closed: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answering = (call: ReceivedCall) => WireAnswer | Promise<WireAnswer>;

export const REGISTRATION_TOKEN = 'opstage_reg_canary-registration-token';

/** A successful answer. */
export const accept = (data: unknown): WireAnswer => ({ status: 200, body: { success: true, data } });

/** A refusal with this code. */
export const refuse = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
  status,
  headers,
  body: { success: false, error: { code, message: `Refused with ${code}.` } },
});

/** A real HTTP server that implements the agent API in memory; tests can replace any of its answers. */
export class WireServer {
  readonly calls: ReceivedCall[] = [];
  readonly results = new Map<string, CommandResultRequest>();
  readonly registrationTokens = new Set([REGISTRATION_TOKEN]);
  readonly agentTokens = new Set<string>();
  /** What the next poll returns, up to its limit. */
  commands: AgentCommand[] = [];
  cancelledCommandIds: string[] = [];
  /** Whether heartbeat responses request a token rotation; reset by the next one. */
  asksToRotate = false;
  /** The long-poll time the server offers; with 0, no poll is held. */
  longPollSeconds = 0;
  readonly parkedPolls = new ParkedPolls();
  private readonly scripted = new Map<WireCall, WireAnswer[]>();
  private readonly replaced = new Map<WireCall, Answering>();
  private readonly http: Server;
  private listeningPort = 0;

  private constructor() {
    this.http = createServer((request, response) => void this.serve(request, response));
  }

  /** Listens on `port`, or on any free one. */
  static async start(port = 0): Promise<WireServer> {
    const server = new WireServer();
    await new Promise<void>((resolve) => server.http.listen(port, '127.0.0.1', resolve));
    server.listeningPort = (server.http.address() as AddressInfo).port;
    return server;
  }

  /** The port, also after the server has stopped. */
  get port(): number {
    return this.listeningPort;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Sets the answers to the next calls of this kind, in order. */
  answerNext(call: WireCall, ...answers: WireAnswer[]): void {
    this.scripted.set(call, [...(this.scripted.get(call) ?? []), ...answers]);
  }

  /** Replaces the answers to all calls of this kind; `null` restores the usual ones. */
  answerAlways(call: WireCall, answering: Answering | null): void {
    if (answering) this.replaced.set(call, answering);
    else this.replaced.delete(call);
  }

  /** Dispatches these commands, immediately if a poll is held. */
  give(...commands: AgentCommand[]): void {
    this.commands.push(...commands);
    this.parkedPolls.release();
  }

  /** Cancels a running command, as an operator would, and ends held polls so that the agent asks. */
  cancel(commandId: string): void {
    this.cancelledCommandIds.push(commandId);
    this.parkedPolls.release();
  }

  /** The progress received for a command. */
  progressOf(commandId: string): readonly CommandProgressRequest[] {
    const calls = this.callsOf('progress').filter((call) => call.commandId === commandId);
    return calls.map(({ body }) => body as CommandProgressRequest);
  }

  callsOf(call: WireCall): readonly ReceivedCall[] {
    return this.calls.filter((received) => received.call === call);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new AbortController();
    response.on('close', () => {
      closed.abort();
    });
    const call = received(request, await bodyOf(request), closed.signal);
    const answer = call ? await this.answer(call) : refuse(404, 'NOT_FOUND');
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }

  private answer(call: ReceivedCall): WireAnswer | Promise<WireAnswer> {
    this.calls.push(call);
    const scripted = this.scripted.get(call.call)?.shift();
    if (scripted) return scripted;
    const replaced = this.replaced.get(call.call);
    if (replaced) return replaced(call);
    if (call.call !== 'register' && !this.agentTokens.has(call.token ?? '')) return refuse(401, 'UNAUTHORIZED');
    return this.defaultAnswer(call);
  }

  private defaultAnswer(call: ReceivedCall): WireAnswer | Promise<WireAnswer> {
    switch (call.call) {
      case 'register':
        return this.register(call.body as { registrationToken: string });
      case 'heartbeat':
        return accept({
          ...this.cadence,
          cancelledCommandIds: this.cancelledCommandIds,
          ...(this.asksToRotate && { rotateToken: true }),
        });
      case 'token':
        return this.rotate();
      case 'report':
        return accept({ services: [], rejected: [] });
      case 'poll':
        return this.poll(call);
      case 'progress':
        return accept({ cancelled: this.cancelledCommandIds.includes(call.commandId ?? '') });
      case 'result':
        this.results.set(call.commandId ?? '', call.body as CommandResultRequest);
        return accept({});
    }
  }

  private get cadence() {
    return { ...CADENCE, ...(this.longPollSeconds > 0 && { longPollSeconds: this.longPollSeconds }) };
  }

  private async poll({ query, closed }: ReceivedCall): Promise<WireAnswer> {
    const waitSeconds = this.longPollSeconds > 0 ? Number(query.get('wait')) : 0;
    if (this.commands.length === 0 && waitSeconds > 0) await this.parkedPolls.hold(waitSeconds, closed);
    return accept(closed.aborted ? [] : this.commands.splice(0, Number(query.get('limit'))));
  }

  /** The old token stays valid until a test removes it. */
  private rotate(): WireAnswer {
    this.asksToRotate = false;
    const agentToken = `opstage_agent_canary-rotated-token-${this.callsOf('token').length}`;
    this.agentTokens.add(agentToken);
    return accept({ agentToken });
  }

  private register({ registrationToken }: { readonly registrationToken: string }): WireAnswer {
    if (!this.registrationTokens.delete(registrationToken)) return refuse(409, 'REGISTRATION_TOKEN_USED');
    const agentToken = `opstage_agent_canary-agent-token-${this.callsOf('register').length}`;
    this.agentTokens.add(agentToken);
    return accept({ agentId: 'agt_1', agentToken, ...this.cadence, unknownField: true });
  }
}

const CADENCE = { heartbeatIntervalSeconds: 30, commandPollIntervalSeconds: 5 };

const ROUTES: readonly (readonly [RegExp, WireCall])[] = [
  [/^\/api\/agents\/register$/, 'register'],
  [/^\/api\/agents\/agt_1\/heartbeat$/, 'heartbeat'],
  [/^\/api\/agents\/agt_1\/token$/, 'token'],
  [/^\/api\/agents\/agt_1\/services\/report$/, 'report'],
  [/^\/api\/agents\/agt_1\/commands$/, 'poll'],
  [/^\/api\/agents\/agt_1\/commands\/([^/]+)\/progress$/, 'progress'],
  [/^\/api\/agents\/agt_1\/commands\/([^/]+)\/result$/, 'result'],
];

const received = (request: IncomingMessage, body: string, closed: AbortSignal): ReceivedCall | null => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://wire');
  for (const [pattern, call] of ROUTES) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    const token = request.headers.authorization?.replace('Bearer ', '') ?? null;
    const json: unknown = body === '' ? null : JSON.parse(body);
    return { call, token, query: searchParams, body: json, commandId: match[1] ?? null, closed };
  }
  return null;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
