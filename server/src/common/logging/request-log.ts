import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger as Pino } from 'pino';

/** Not the request itself: a connection to the database that was opened on its way would keep it, body and all. */
interface RequestFacts {
  readonly id: unknown;
  readonly method: string;
  readonly url: string;
}

const current = new AsyncLocalStorage<RequestFacts>();

/** What every line says that is logged on the way of a request. */
export const requestOfLine = (): { readonly req?: RequestFacts } => {
  const req = current.getStore();
  return req ? { req } : {};
};

/**
 * Says of each request, when it is over, how it ended: an error from status 500 on, else for those who debug.
 *
 * In place of pino-http's middleware, which writes every request down for a logger of its own and listens for three
 * events, before it is known whether there will be anything to say (docs/decisions/0023).
 */
export const logRequests =
  (logger: Pino): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    response.on('close', () => {
      const level = response.statusCode >= 500 ? 'error' : 'debug';
      if (!logger.isLevelEnabled(level)) return;
      const responseTime = Math.round(performance.now() - startedAt);
      logger[level]({ req: request, res: response, responseTime }, 'request ended');
    });
    const { id, method, originalUrl: url } = request;
    current.run({ id, method, url }, next);
  };
