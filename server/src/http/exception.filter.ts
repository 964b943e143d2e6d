import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ErrorEnvelope } from '#contracts';
import { DomainError } from '../errors/domain-error.js';
import { allowedMethods } from './allowed-methods.js';
import { databaseFault } from './database-faults.js';
import { frameworkFault } from './http-faults.js';

const internalError = (): DomainError =>
  new DomainError('INTERNAL_ERROR', 'Something went wrong on the server; its log has more under this request id.');

/** Answers with the contract's error envelope for whatever was thrown. What nobody foresaw is logged and answered 500. */
@Injectable()
export class ErrorAnswers {
  readonly #logger = new Logger(ErrorAnswers.name);

  send(thrown: unknown, request: Request, response: Response): void {
    const error = this.#translate(thrown, request, response);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
    if (error.status === 401 && request.path.startsWith('/api/agents')) {
      response.setHeader('WWW-Authenticate', 'Bearer realm="opstage"');
    }
    const body: ErrorEnvelope = {
      success: false,
      error: {
        code: error.code,
        message: error.message,
        ...(error.details !== undefined && { details: error.details }),
      },
    };
    response.status(error.status).json(body);
  }

  #translate(thrown: unknown, request: Request, response: Response): DomainError {
    if (thrown instanceof DomainError) return thrown;
    if (thrown instanceof NotFoundException) return this.#noRoute(thrown, request, response);
    const unavailable = databaseFault(thrown);
    if (unavailable) {
      this.#logger.error(thrown);
      return unavailable;
    }
    const fault = frameworkFault(thrown);
    if (fault) return fault;
    this.#logger.error(thrown);
    return internalError();
  }

  /** The router found no handler: another method at this path is 405, an unknown path 404. */
  #noRoute(thrown: NotFoundException, request: Request, response: Response): DomainError {
    const allowed = allowedMethods(request.app, request.path);
    if (allowed.length === 0 || allowed.includes(request.method)) return frameworkFault(thrown) ?? internalError();
    response.setHeader('Allow', allowed.join(', '));
    return new DomainError(
      'METHOD_NOT_ALLOWED',
      `This address answers ${allowed.join(' and ')}, not ${request.method}.`,
    );
  }
}
