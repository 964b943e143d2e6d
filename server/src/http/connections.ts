import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorEnvelope } from '#contracts';
import { errorCodeOf } from '../common/errors.js';

/** Until the head of a request is complete. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Until a request is complete, body included. The response may take longer, as that of a parked poll does. */
const REQUEST_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 5_000;

/** The status for an error code of Node's HTTP parser; 400 for any other. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const UNREADABLE: ErrorEnvelope = {
  success: false,
  error: { code: 'REQUEST_ERROR', message: 'The request cannot be read.' },
};

interface Limits {
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  readonly connectionsCheckingInterval?: number;
}

/** Closes connections whose request takes too long to arrive. Call it before the server listens. */
export const setRequestTimeouts = (server: Server, limits: Limits = {}): void => {
  Object.assign(server, {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node reads this when the server begins to listen.
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    ...limits,
  });
};

/** The unauthenticated connections of one address, the most recently used last. */
type Unauthenticated = Set<Socket>;

/**
 * Limits the unauthenticated connections of an address. A new connection is always accepted, because a whole fleet may share
 * an address: the connection that has been quiet longest is closed instead. Those of authenticated agents and users do not count.
 */
export class ConnectionLimiter {
  readonly #byAddress = new Map<string, Unauthenticated>();
  readonly #groups = new WeakMap<Socket, Unauthenticated>();

  /** @param maxUnauthenticated per address; 0 for no limit */
  constructor(private readonly maxUnauthenticated: number) {}

  /** Counts the connections of this server from now on. */
  watch(server: Server): void {
    if (this.maxUnauthenticated === 0) return;
    server.on('connection', (socket: Socket) => {
      this.#add(socket);
    });
    server.on('request', ({ socket }: IncomingMessage) => {
      const group = this.#groups.get(socket);
      if (group?.delete(socket)) group.add(socket);
    });
  }

  /** Takes the connection out of the count: a user or an agent has authenticated on it. */
  markAuthenticated(socket: Socket): void {
    this.#groups.get(socket)?.delete(socket);
    this.#groups.delete(socket);
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const group: Unauthenticated = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, group.add(socket));
    this.#groups.set(socket, group);
    socket.once('close', () => {
      this.markAuthenticated(socket);
      if (group.size === 0 && this.#byAddress.get(address) === group) this.#byAddress.delete(address);
    });
    if (group.size <= this.maxUnauthenticated) return;
    const [quietest] = group;
    if (!quietest) return;
    this.markAuthenticated(quietest);
    quietest.destroy();
  }
}

const toResponse = (status: number): string => {
  const body = JSON.stringify(UNREADABLE);
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

/** Answers requests that the HTTP parser gave up on in the envelope, then closes the connection. */
export const answerParserErrors = (server: Server): void => {
  server.on('clientError', (error: Error, socket: Socket) => {
    // After an earlier response on this connection, the client might mistake this one for the response to another request.
    if (socket.writable && socket.bytesWritten === 0)
      socket.end(toResponse(STATUS_BY_CODE[errorCodeOf(error) ?? ''] ?? 400));
    else socket.destroy();
  });
};
