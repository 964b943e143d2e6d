import { Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { isolated } from '../common/isolated.js';
import { sendEnvelope } from './envelope.adapter.js';
import { ApiExceptionFilter } from './exception.filter.js';

/** Returned by a handler that responds later; the type says with what. */
export interface Deferred<T> {
  readonly result: Promise<T>;
}

/**
 * Responds once a result is there, which may take long. While the framework waits for a handler, it keeps the request's whole path
 * through middleware, guards and pipes in memory: several times the size of an open connection, and there are thousands.
 */
@Injectable()
export class DeferredResponse {
  constructor(private readonly exceptions: ApiExceptionFilter) {}

  /** Responds with the envelope of `result`; for a handler that injects `@Res()` and returns at once. */
  send<T>(response: Response, result: Promise<T>): Deferred<T> {
    const request = response.req;
    // Frees that path. Deleting the property would turn the request into a dictionary of three kilobytes.
    request.next = undefined;
    result
      .then((data) => sendEnvelope(response, data))
      // A response that cannot be written must not end the process either.
      .catch((error: unknown) => {
        this.exceptions.respond(error, request, response);
      });
    return { result };
  }
}

const logger = new Logger('ResponseDelivery');

/** Whether a response still reaches its client. */
export class ResponseDelivery {
  constructor(private readonly response: Response) {}

  /** Whether the client went away before the response was written. */
  get isAborted(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  /** Calls `listener` once when the client goes away before the response is written; at once if it has. */
  onAborted(listener: () => void): void {
    if (this.isAborted) {
      listener();
      return;
    }
    this.response.once(
      'close',
      isolated(logger, () => {
        if (!this.response.writableFinished) listener();
      }),
    );
  }
}
