import { connect } from 'node:net';
import type { Envelope } from '#contracts';
import type { TestApp } from './start-test-app.js';

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

const toAnswer = (text: string): RawAnswer => {
  const [headers = '', ...body] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0), headers, body: body.join('\r\n\r\n') };
};

/**
 * Sends the text as it is on a connection of its own, each further one after an answer to the one before, and returns
 * all that comes back until the server closes it.
 */
export const sendRaw = (app: TestApp, ...texts: readonly (string | Uint8Array)[]): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(app.api.baseUrl);
    const chunks: Buffer[] = [];
    const open = [...texts];
    const socket = connect(Number(port), hostname, () => socket.write(open.shift() ?? ''));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const next = open.shift();
      if (next !== undefined) socket.write(next);
    });
    // A server that stops reading an oversized request resets the connection; its earlier answer counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(toAnswer(Buffer.concat(chunks).toString()));
    });
  });

/** A request whose connection the server closes after its answer. */
export const rawRequest = (line: string, headers: readonly string[] = [], body = ''): string =>
  [line, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n');

/** Sends the beginning of a request, then drops the connection; resolves once it is closed. */
export const sendAndHangUp = (app: TestApp, text: string): Promise<void> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(app.api.baseUrl);
    const socket = connect(Number(port), hostname, () => socket.write(text, () => socket.resetAndDestroy()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
  });

/** `status CODE` of an answer in the envelope that carries a request id. */
export const rawRefusalOf = ({ status, headers, body }: RawAnswer): string => {
  if (!/^X-Request-Id: [\w-]{36}\r?$/im.test(headers)) return `no request id: ${headers}`;
  const envelope = JSON.parse(body) as Envelope<unknown>;
  return envelope.success ? String(status) : `${status} ${envelope.error.code}`;
};

/** Sends the text and returns what has come back once it is `enough`, without waiting for the server to close; then hangs up. */
export const sendRawUntil = (app: TestApp, text: string, enough: (answer: RawAnswer) => boolean): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.api.baseUrl);
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const answer = toAnswer(Buffer.concat(chunks).toString());
      if (!enough(answer)) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error(`The server closed the connection after: ${Buffer.concat(chunks).toString()}`));
    });
  });
