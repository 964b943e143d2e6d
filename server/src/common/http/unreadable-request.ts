import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorEnvelope } from '#contracts';
import { errorCodeOf } from '../errors/error-code.js';

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
export const answerUnreadableRequests = (server: Server): void => {
  server.on('clientError', (error: Error, socket: Socket) => {
    // After earlier answers on this connection, the client might take this one for that of another request.
    if (socket.writable && socket.bytesWritten === 0)
      socket.end(toAnswer(STATUS_BY_CODE[errorCodeOf(error) ?? ''] ?? 400));
    else socket.destroy();
  });
};
