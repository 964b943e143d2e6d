import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import type { Application, Request, Response } from 'express';
import type { ErrorCode, ErrorEnvelope } from '#contracts';
import { DomainError } from '../common/errors.js';
import { fromDatabaseError } from '../database/errors.js';

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

const UNREADABLE: Fault = { code: 'REQUEST_ERROR', message: 'The request cannot be read.' };

const FAULT_BY_STATUS: Readonly<Record<number, Fault>> = {
  400: UNREADABLE,
  401: { code: 'UNAUTHORIZED', message: 'Sign in, or send a valid token.' },
  403: { code: 'FORBIDDEN', message: 'You are not allowed to do this.' },
  404: { code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  405: { code: 'METHOD_NOT_ALLOWED', message: 'This address does not answer this method.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the body as application/json in UTF-8.' },
  429: { code: 'RATE_LIMITED', message: 'Too many requests; try again later.' },
};

/** A layer of Express' router, as far as it is used here. */
interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The method a layer answers; null for middleware, which Nest registers as a route of every method. */
const methodOf = ({ route }: RouteLayer): string | null => {
  const methods = Object.keys(route?.methods ?? {});
  return methods.length === 1 ? (methods[0] ?? null) : null;
};

/** Returns the methods, in upper case, that routes answer at this path; empty when there are none. */
export const allowedMethods = (app: Application, path: string): readonly string[] => {
  const layers = (app.router as unknown as { stack: readonly RouteLayer[] }).stack;
  const methods = layers.flatMap((layer) => {
    const method = methodOf(layer);
    return method !== null && layer.match(path) ? [method.toUpperCase()] : [];
  });
  // Express answers HEAD wherever it answers GET.
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
};

const statusOf = (error: unknown): number | null => {
  if (error instanceof HttpException) return error.getStatus();
  // body-parser and Express mark their errors (http-errors) with a status that is meant for the client.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return null;
};

/** Returns the contract's error for an error of the framework; null unless it is the client's fault. */
export const fromHttpException = (error: unknown): DomainError | null => {
  const status = statusOf(error);
  if (status === null || status < 400 || status > 499) return null;
  const { code, message } = FAULT_BY_STATUS[status] ?? UNREADABLE;
  // A status without a code of its own is kept, such as 416 for a range of a static file.
  return new DomainError(code, message, { status, cause: error });
};

const internalError = (): DomainError =>
  new DomainError('INTERNAL_ERROR', 'Something went wrong on the server; its log has more under this request id.');

const toEnvelope = ({ code, message, details }: DomainError): ErrorEnvelope => ({
  success: false,
  error: { code, message, ...(details !== undefined && { details }) },
});

/** Turns anything thrown into the contract's error envelope; logs errors that are the server's own fault. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  readonly #logger = new Logger(ApiExceptionFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.respond(thrown, http.getRequest<Request>(), http.getResponse<Response>());
  }

  /** Responds with the error. A response that has begun is cut off instead, so that its client does not take it for complete. */
  respond(thrown: unknown, request: Request, response: Response): void {
    if (response.headersSent) {
      this.#logger.error(thrown);
      response.destroy();
      return;
    }
    try {
      this.#respond(thrown, request, response);
    } catch (error) {
      // Whoever calls this has no other way to answer, and often nobody to throw to.
      this.#logger.error(error);
      response.destroy();
    }
  }

  #respond(thrown: unknown, request: Request, response: Response): void {
    const error = this.#translate(thrown, request, response);
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
    if (error.status === 401 && request.path.startsWith('/api/agents')) {
      response.setHeader('WWW-Authenticate', 'Bearer realm="opstage"');
    }
    response.status(error.status).json(toEnvelope(error));
  }

  #translate(thrown: unknown, request: Request, response: Response): DomainError {
    if (thrown instanceof DomainError) return thrown;
    if (thrown instanceof NotFoundException) return this.#noRoute(thrown, request, response);
    const unavailable = fromDatabaseError(thrown);
    if (unavailable) {
      this.#logger.error(thrown);
      return unavailable;
    }
    const fault = fromHttpException(thrown);
    if (fault) return fault;
    this.#logger.error(thrown);
    return internalError();
  }

  /** The router found no handler: 405 where the path answers another method, else 404. */
  #noRoute(thrown: NotFoundException, request: Request, response: Response): DomainError {
    const allowed = allowedMethods(request.app, request.path);
    if (allowed.length === 0 || allowed.includes(request.method)) return fromHttpException(thrown) ?? internalError();
    response.setHeader('Allow', allowed.join(', '));
    return new DomainError(
      'METHOD_NOT_ALLOWED',
      `This address answers ${allowed.join(' and ')}, not ${request.method}.`,
    );
  }
}
