import { METHODS } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { Metrics } from './metrics.js';

/** The template of the route that took the request, such as `/api/admin/agents/:id`; `other` when only a catch-all did. */
const routeOf = (request: Request): string => {
  const { path } = (request.route as { readonly path?: unknown } | undefined) ?? {};
  return typeof path === 'string' && !path.includes('*') ? path : 'other';
};

/** Measures every request until its answer is sent, or nobody waits for it any more. */
export const measureRequests =
  (metrics: Metrics) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const since = performance.now();
    response.once('close', () => {
      const method = METHODS.includes(request.method) ? request.method : 'other';
      const status = response.writableFinished ? response.statusCode : 'aborted';
      metrics.requested({ route: routeOf(request), method, status }, (performance.now() - since) / 1000);
    });
    next();
  };
