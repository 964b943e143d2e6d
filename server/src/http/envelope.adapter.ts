import { Server } from 'node:net';
import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { SuccessEnvelope } from '#contracts';
import { PageResult } from '../database/lists/page.js';
import { quietMoment } from './quiet-moment.js';

const toEnvelope = (result: unknown): SuccessEnvelope<unknown> =>
  result instanceof PageResult
    ? { success: true, data: result.data, pagination: result.pagination }
    : { success: true, data: result };

/** Sends what a handler returned, in the contract's success envelope. */
export const sendEnvelope = (response: Response, result: unknown): Response =>
  response.status(200).json(toEnvelope(result));

const STREAM_HEADERS = ['Content-Type', 'Content-Disposition', 'Content-Length'];

/** Passes a failed stream to the exception filter. Before its first byte, the response can still become an error. */
const handleStreamError = (error: Error, response: Response): void => {
  if (!response.headersSent) for (const name of STREAM_HEADERS) response.removeHeader(name);
  // A stream that dies after the framework has let go of the request has nobody to turn to.
  if (response.req.next) response.req.next(error);
  else response.destroy(error);
};

/**
 * Express, with `{success: true, data, pagination?}` and status 200 around what a handler returns; streams are sent
 * unchanged.
 *
 * It replaces an interceptor: a single one makes the framework put six observables around every request
 * (docs/decisions/0023).
 */
export class EnvelopeAdapter extends ExpressAdapter {
  /** The framework passes 201 for every POST; the contract's successes are 200. */
  override reply(response: Response, result: unknown, status?: number): unknown {
    if (status !== undefined && status >= 400) return super.reply(response, result, status);
    if (!(result instanceof StreamableFile)) return sendEnvelope(response, result);
    result.setErrorHandler((error) => {
      handleStreamError(error, response);
    });
    return super.reply(response, result, 200);
  }

  /** Stops accepting connections, and resolves when the last one has ended. */
  override async close(): Promise<void> {
    await quietMoment();
    // At once: HTTP's own closes idle connections first, which takes long enough for the next one to arrive.
    Server.prototype.close.call(this.httpServer);
    await super.close();
  }
}
