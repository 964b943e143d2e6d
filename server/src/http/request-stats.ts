import { METHODS } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../common/ip-address.js';
import type { Telemetry } from '../common/telemetry.js';

/** How people's requests have come in since this process started. */
export interface TrafficSeen {
  readonly https: boolean;
  /** Plain HTTP from another machine. */
  readonly plainFromElsewhere: boolean;
  /** Headers of a proxy that is not believed. */
  readonly unbelievedProxy: boolean;
}

/** Notes how people's requests come in, for who asks whether that is safe. */
@Injectable()
export class RequestStats {
  snapshot: TrafficSeen = { https: false, plainFromElsewhere: false, unbelievedProxy: false };

  record(request: Request): void {
    const sender = request.socket.remoteAddress ?? '';
    const isUnbelieved = request.headers['x-forwarded-for'] !== undefined && request.ip === sender;
    // What an unbelieved proxy passes on may well have come to it by HTTPS.
    const isPlain = !request.secure && !isUnbelieved && !isLoopback(request.ip ?? sender);
    this.snapshot = {
      https: this.snapshot.https || request.secure,
      plainFromElsewhere: this.snapshot.plainFromElsewhere || isPlain,
      unbelievedProxy: this.snapshot.unbelievedProxy || isUnbelieved,
    };
  }
}

/** Has every request noted. */
export const recordRequests =
  (traffic: RequestStats) =>
  (request: Request, _response: Response, next: NextFunction): void => {
    traffic.record(request);
    next();
  };

/** The template of the route that took the request, such as `/api/admin/agents/:id`; `other` when only a catch-all did. */
const routeOf = (request: Request): string => {
  const { path } = (request.route as { readonly path?: unknown } | undefined) ?? {};
  return typeof path === 'string' && !path.includes('*') ? path : 'other';
};

/** Measures every request until its answer is sent, or nobody waits for it any more. */
export const measureRequests =
  (metrics: Telemetry) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const since = performance.now();
    response.once('close', () => {
      const method = METHODS.includes(request.method) ? request.method : 'other';
      const status = response.writableFinished ? response.statusCode : 'aborted';
      metrics.recordRequest({ route: routeOf(request), method, status }, (performance.now() - since) / 1000);
    });
    next();
  };
