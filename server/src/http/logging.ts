import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Logger, type Params, PARAMS_PROVIDER_TOKEN, PinoLogger } from 'nestjs-pino';
import type { Logger as Pino } from 'pino';
import { serve, servedRequest, ServedRequest } from '../common/served-request.js';

/** The form in which callers may give their own request id. */
const ACCEPTED_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Parts of Nest that log every module and route at each start. */
const CHATTY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

interface LoggingConfig {
  readonly production: boolean;
  readonly logLevel: string;
}

/** An error as pino passes it to our serializer. */
interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: unknown;
}

/** Middleware that gives every request an id, the caller's own if it is well-formed, and returns it as `X-Request-Id`. */
export const requestId = (request: Request, response: Response, next: NextFunction): void => {
  const given = request.get('x-request-id') ?? '';
  const id = ACCEPTED_ID.test(given) ? given : randomUUID();
  Object.assign(request, { id });
  response.setHeader('X-Request-Id', id);
  next();
};

/** Returns the fields that are added to every log line written while a request is served. */
export const requestContext = (): { readonly req?: ServedRequest } => {
  const req = servedRequest();
  return req ? { req } : {};
};

/**
 * Middleware that logs how each request ended, as an error from status 500 on, otherwise at debug level, and has its caller charged.
 *
 * It replaces pino-http's middleware, which serializes every request and listens for three events even if nothing will be logged
 * (docs/decisions/0023).
 */
export const requestLogger =
  (logger: Pino): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    // Not the request itself, which a database connection opened while it is served would keep alive.
    const served = new ServedRequest(request.id, request.method, request.originalUrl);
    response.on('close', () => {
      served.onEnd?.(served);
      const level = response.statusCode >= 500 ? 'error' : 'debug';
      if (!logger.isLevelEnabled(level)) return;
      const responseTime = Math.round(performance.now() - startedAt);
      logger[level]({ req: request, res: response, responseTime }, 'request ended');
    });
    serve(served, next);
  };

const isSerializedError = (error: unknown): error is SerializedError =>
  typeof error === 'object' && error !== null && 'type' in error && 'stack' in error;

/** Only type, message, stack and code: an error may carry more, such as the parameters of a query. */
const serializeError = (error: unknown): object => {
  if (!isSerializedError(error)) return { message: String(error) };
  const { type, message, stack } = error;
  return { type, message, stack, ...('code' in error && { code: error.code }) };
};

const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0] ?? '';

/** Returns the logger's settings: JSON lines, or readable ones on a development terminal, without headers, query and body. */
export const loggingParams = async ({ production, logLevel }: LoggingConfig): Promise<Params> => {
  const options = {
    level: logLevel,
    mixin: requestContext,
    serializers: {
      req: (request: { id: string; method: string; url?: string }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request.url),
      }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
      err: serializeError,
    },
  };
  // Our own middleware logs requests.
  const forRoutes: [] = [];
  if (production || !process.stdout.isTTY) return { pinoHttp: options, forRoutes };
  const { default: pretty } = await import('pino-pretty');
  return { pinoHttp: [options, pretty({ sync: true, ignore: 'pid,hostname,req,res,responseTime' })], forRoutes };
};

/** The application's logger; it demotes Nest's own lines at start to debug level. */
@Injectable()
export class AppLogger extends Logger {
  constructor(logger: PinoLogger, @Inject(PARAMS_PROVIDER_TOKEN) params: Params) {
    super(logger, params);
  }

  override log(message: unknown, ...parameters: unknown[]): void {
    if (CHATTY.has(String(parameters.at(-1)))) this.debug(message, ...parameters);
    else super.log(message, ...parameters);
  }
}
