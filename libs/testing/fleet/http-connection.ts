import { connect, type Socket } from 'node:net';
import { ResponseReader, type RawAnswer } from './response-reader.js';

/** The address of a server. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Longer than any poll is held open: a server silent for this long will not respond. */
const SILENCE_MS = 90_000;
const MAX_REPEATS = 5;
const REPEAT_AFTER_MS = 100;

interface Exchange {
  readonly request: string;
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: Error) => void;
  repeats: number;
}

/** A keep-alive connection for one request at a time, opened when needed. */
export class HttpConnection {
  readonly #reader = new ResponseReader();
  #socket: Socket | null = null;
  #exchange: Exchange | null = null;
  #closed = false;

  constructor(private readonly endpoint: Endpoint) {}

  /** Sends a request made by `requestText` and returns the response. @throws Error when there is none */
  send(request: string): Promise<RawAnswer> {
    if (this.#exchange) throw new Error('This connection is still waiting for a response.');
    return new Promise((resolve, reject) => {
      this.#exchange = { request, resolve, reject, repeats: 0 };
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  /** Closes the connection; a pending request is rejected. */
  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect(this.endpoint).setNoDelay(true).setTimeout(SILENCE_MS);
    let failure: Error | null = null;
    socket.on('data', (part: Buffer) => {
      this.#receive(part);
    });
    socket.on('timeout', () => {
      if (this.#exchange) failure = new SilenceError();
      socket.destroy();
    });
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      this.#socket = null;
      this.#lose(failure ?? new Error('The server closed the connection before responding.'));
    });
    return socket;
  }

  #receive(part: Buffer): void {
    const answer = this.#reader.push(part);
    const exchange = this.#exchange;
    if (!answer || !exchange) return;
    this.#exchange = null;
    if (/\r\nconnection: *close/i.test(answer.head)) this.#socket?.destroy();
    exchange.resolve(answer);
  }

  /**
   * Repeats a request whose connection was lost before a response had started, as agents do: the server may just have
   * closed the idle connection, or its listen backlog was full.
   */
  #lose(error: NodeJS.ErrnoException): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    const isRefused = error.code === 'ECONNREFUSED' || error instanceof SilenceError;
    if (exchange.repeats < MAX_REPEATS && !isRefused && !this.#closed && !this.#reader.hasBegun) {
      exchange.repeats += 1;
      setTimeout(() => {
        this.#sendAgain(exchange);
      }, REPEAT_AFTER_MS);
      return;
    }
    this.#exchange = null;
    exchange.reject(error);
  }

  #sendAgain(exchange: Exchange): void {
    if (this.#closed) {
      this.#lose(new Error('The connection was closed by the client.'));
      return;
    }
    this.#socket = this.#open();
    this.#socket.write(exchange.request);
  }
}

class SilenceError extends Error {
  constructor() {
    super(`No response within ${SILENCE_MS / 1_000} s.`);
  }
}
