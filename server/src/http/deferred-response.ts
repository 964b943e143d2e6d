import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { sendEnvelope } from './envelope.adapter.js';
import { ErrorResponder } from './exception.filter.js';

/** What a handler returns whose answer is given later; the type says what that will be. */
export interface Deferred<T> {
  readonly answer: Promise<T>;
}

/**
 * Gives answers that may be long in coming. What the framework keeps while it waits for a handler (its way through every
 * middleware, guard and interceptor) is several times what an open connection takes, and there are thousands of them.
 */
@Injectable()
export class DeferredResponse {
  constructor(private readonly errors: ErrorResponder) {}

  /** Answers with the envelope of what `answer` comes to; for a handler that injects `@Res()` and returns at once. */
  send<T>(response: Response, answer: Promise<T>): Deferred<T> {
    const request = response.req;
    // The way the request has come. Not deleted: that would make a table of three kilobytes of the request's properties.
    request.next = undefined;
    answer
      .then((data) => sendEnvelope(response, data))
      // What cannot be written must not end the process either.
      .catch((error: unknown) => {
        this.errors.respond(error, request, response);
      });
    return { answer };
  }
}

/** An answer on its way to whoever asked for it. */
export class ResponseDelivery {
  constructor(private readonly response: Response) {}

  /** Nobody waits for the answer any more, and it was not written. */
  get isAborted(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  /** Calls `listener` once if the connection ends before the answer is written; at once if it has. */
  onAborted(listener: () => void): void {
    if (this.isAborted) {
      listener();
      return;
    }
    this.response.once('close', () => {
      if (!this.response.writableFinished) listener();
    });
  }
}
