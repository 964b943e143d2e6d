import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../../common/errors.js';

/** How often a body is looked at, and how much of it has to have come in since: the slowest of links brings more. */
const INTERVAL_MS = 10_000;
const MIN_BYTES = 1_000;

/**
 * Waits for a body that is being read, as long as it keeps coming in: who sends none of it, or a byte now and then, holds a
 * connection for nothing. What keeps coming in may take as long as any request. Costs nothing when the whole body has arrived.
 * @throws REQUEST_ERROR with status 408; its answer closes the connection, since the rest may still come
 */
export const whileArriving = async <T>(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  reading: Promise<T>,
): Promise<T> => {
  if (request.complete) return reading;
  const { socket } = request;
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    let seen = socket.bytesRead;
    timer = setInterval(() => {
      const arrived = socket.bytesRead - seen;
      seen = socket.bytesRead;
      if (arrived >= MIN_BYTES || request.complete) return;
      request.pause();
      response.setHeader('Connection', 'close');
      reject(tooSlow());
    }, INTERVAL_MS);
  });
  try {
    return await Promise.race([reading, stalled]);
  } finally {
    clearInterval(timer);
  }
};

const tooSlow = (): DomainError =>
  new DomainError('REQUEST_ERROR', 'The body came in too slowly; send it at once.', { status: 408 });
