import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorEnvelope } from '#contracts';
import { errorCodeOf } from '../common/errors.js';

/** Until all of a request's head has come. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Until all of a request has come, its body too; how long its answer takes, as that of a parked poll, does not count. */
const REQUEST_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 5_000;

interface Limits {
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  readonly connectionsCheckingInterval?: number;
}

/** Ends connections whose request does not come to an end. To be called before the server listens. */
export const setRequestTimeouts = (server: Server, limits: Limits = {}): void => {
  Object.assign(server, {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node reads it when the server begins to listen.
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    ...limits,
  });
};

/** Connections of one address on which nobody has shown who they are, those that asked last at the end. */
type Strangers = Set<Socket>;

/**
 * Bounds the connections of an address on which nobody has shown who they are. A new one is never turned away, for a
 * whole fleet may come from one address: the one that has been quiet for longest is ended in its place. Connections of
 * known agents and users are not counted.
 */
export class ConnectionLimiter {
  readonly #strangers = new Map<string, Strangers>();
  readonly #groups = new WeakMap<Socket, Strangers>();

  /** @param maxStrangers per address; 0 for any number */
  constructor(private readonly maxStrangers: number) {}

  watch(server: Server): void {
    if (this.maxStrangers === 0) return;
    server.on('connection', (socket: Socket) => {
      this.#add(socket);
    });
    server.on('request', ({ socket }: IncomingMessage) => {
      const group = this.#groups.get(socket);
      if (group?.delete(socket)) group.add(socket);
    });
  }

  /** Somebody has shown on this connection who they are. */
  markAuthenticated(socket: Socket): void {
    this.#groups.get(socket)?.delete(socket);
    this.#groups.delete(socket);
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const group: Strangers = this.#strangers.get(address) ?? new Set();
    this.#strangers.set(address, group.add(socket));
    this.#groups.set(socket, group);
    socket.once('close', () => {
      this.markAuthenticated(socket);
      if (group.size === 0 && this.#strangers.get(address) === group) this.#strangers.delete(address);
    });
    if (group.size <= this.maxStrangers) return;
    const [quietest] = group;
    if (!quietest) return;
    this.markAuthenticated(quietest);
    quietest.destroy();
  }
}

/** By the code of Node's HTTP parser; everything else is 400. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const BODY: ErrorEnvelope = {
  success: false,
  error: { code: 'REQUEST_ERROR', message: 'The request cannot be read.' },
};

const toAnswer = (status: number): string => {
  const body = JSON.stringify(BODY);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
    '',
    body,
  ].join('\r\n');
};

/** Answers in the envelope what the HTTP parser gave up on, before there was a request; then closes the connection. */
export const answerParserErrors = (server: Server): void => {
  server.on('clientError', (error: Error, socket: Socket) => {
    // After earlier answers on this connection, the client might take this one for that of another request.
    if (socket.writable && socket.bytesWritten === 0)
      socket.end(toAnswer(STATUS_BY_CODE[errorCodeOf(error) ?? ''] ?? 400));
    else socket.destroy();
  });
};
