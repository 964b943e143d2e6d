import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { SuccessEnvelope } from '#contracts';
import { PageResult } from '../database/lists/page.js';

const envelopeOf = (answer: unknown): SuccessEnvelope<unknown> =>
  answer instanceof PageResult
    ? { success: true, data: answer.data, pagination: answer.pagination }
    : { success: true, data: answer };

/** Answers with the contract's envelope of what a handler returned. */
export const sendEnvelope = (response: Response, answer: unknown): Response =>
  response.status(200).json(envelopeOf(answer));

/**
 * Express, where whatever a handler returns leaves as `{success: true, data, pagination?}` with status 200; streams are
 * left alone.
 *
 * In place of an interceptor: one alone makes the framework put six observables around every request
 * (docs/decisions/0023).
 */
export class EnvelopeAdapter extends ExpressAdapter {
  /** The framework says 201 for whatever is posted; the contract's successes are 200. */
  override reply(response: Response, answer: unknown, status?: number): unknown {
    const isError = status !== undefined && status >= 400;
    if (isError || answer instanceof StreamableFile) return super.reply(response, answer, isError ? status : 200);
    return sendEnvelope(response, answer);
  }
}
