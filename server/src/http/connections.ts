import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorEnvelope } from '#contracts';
import { errorCodeOf } from '../common/errors.js';
import { rateLimitKey } from '../common/ip-address.js';

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

/** The connections of one source or caller, the most recently used last. */
type Group = Set<Socket>;

/** Over all addresses, in multiples of what one may have. */
const TOTAL_FACTOR = 2;
/** An agent has a parked poll and a few calls beside it; a user has some tabs and scripts. */
const MAX_PER_CALLER = 200;

/**
 * Limits the unauthenticated connections of an address, where an IPv6 address is its whole /64, those of all addresses together, and
 * the connections of each authenticated agent and user. A new connection is always accepted, because a whole fleet may share an
 * address: the connection that has been quiet longest is closed instead.
 */
export class ConnectionLimiter {
  readonly #byAddress = new Map<string, Group>();
  readonly #byCaller = new Map<string, Group>();
  readonly #leave = new WeakMap<Socket, () => void>();
  readonly #groups = new WeakMap<Socket, Group>();
  readonly #authenticated = new WeakSet<Socket>();
  #unauthenticated = 0;

  /** @param maxUnauthenticated per address; 0 for no limit */
  constructor(private readonly maxUnauthenticated: number) {}

  /** Counts the connections of this server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      socket.once('close', () => {
        this.#leave.get(socket)?.();
      });
      if (this.maxUnauthenticated > 0) this.#addUnauthenticated(socket);
    });
    server.on('request', ({ socket }: IncomingMessage) => {
      const group = this.#groups.get(socket);
      if (group?.delete(socket)) group.add(socket);
    });
  }

  /**
   * Counts the connection for this agent or user, the first to authenticate on it, and no longer for its address. Over a connection
   * of a proxy others follow with each request.
   */
  markAuthenticated(socket: Socket, caller: string): void {
    if (this.#authenticated.has(socket)) return;
    this.#authenticated.add(socket);
    this.#leave.get(socket)?.();
    const own = this.#join(this.#byCaller, caller, socket);
    if (own.size > MAX_PER_CALLER) this.#closeQuietest(own);
  }

  #addUnauthenticated(socket: Socket): void {
    const own = this.#join(this.#byAddress, rateLimitKey(socket.remoteAddress ?? null), socket, -1);
    this.#unauthenticated += 1;
    if (own.size > this.maxUnauthenticated) this.#closeQuietest(own);
    else if (this.#unauthenticated > this.maxUnauthenticated * TOTAL_FACTOR) this.#closeQuietest(this.#largest(own));
  }

  /** Adds the socket to a group, which it leaves when it is closed or joins another. */
  #join(groups: Map<string, Group>, key: string, socket: Socket, change = 0): Group {
    const group: Group = groups.get(key) ?? new Set();
    groups.set(key, group.add(socket));
    this.#groups.set(socket, group);
    this.#leave.set(socket, () => {
      this.#leave.delete(socket);
      this.#groups.delete(socket);
      this.#unauthenticated += change;
      group.delete(socket);
      if (group.size === 0 && groups.get(key) === group) groups.delete(key);
    });
    return group;
  }

  #largest(among: Group): Group {
    let largest = among;
    for (const group of this.#byAddress.values()) if (group.size > largest.size) largest = group;
    return largest;
  }

  #closeQuietest(group: Group): void {
    const [quietest] = group;
    if (!quietest) return;
    this.#leave.get(quietest)?.();
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
