import { METHODS } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../common/ip-address.js';
import type { Telemetry } from '../common/telemetry.js';

/** How users' requests have arrived since this process started. */
export interface RequestsSeen {
  readonly https: boolean;
  /** Plain HTTP from another machine. */
  readonly plainFromElsewhere: boolean;
  /** With headers of a proxy that is not trusted. */
  readonly unbelievedProxy: boolean;
}

/** Records how users' requests arrive, for the safety page. */
@Injectable()
export class RequestStats {
  /** What has been seen so far; replaced as a whole. */
  snapshot: RequestsSeen = { https: false, plainFromElsewhere: false, unbelievedProxy: false };

  /** Adds a request to the snapshot. */
  record(request: Request): void {
    const sender = request.socket.remoteAddress ?? '';
    const isUntrusted = request.headers['x-forwarded-for'] !== undefined && request.ip === sender;
    // An untrusted proxy may have received the request over HTTPS.
    const isPlain = !request.secure && !isUntrusted && !isLoopback(request.ip ?? sender);
    this.snapshot = {
      https: this.snapshot.https || request.secure,
      plainFromElsewhere: this.snapshot.plainFromElsewhere || isPlain,
      unbelievedProxy: this.snapshot.unbelievedProxy || isUntrusted,
    };
  }
}

/** Middleware that records every request. */
export const recordRequests =
  (stats: RequestStats) =>
  (request: Request, _response: Response, next: NextFunction): void => {
    stats.record(request);
    next();
  };

/** The template of the matching route, such as `/api/admin/agents/:id`; `other` when only a catch-all matched. */
const routeOf = (request: Request): string => {
  const { path } = (request.route as { readonly path?: unknown } | undefined) ?? {};
  return typeof path === 'string' && !path.includes('*') ? path : 'other';
};

/** Middleware that measures every request until its response is sent or its client goes away. */
export const measureRequests =
  (telemetry: Telemetry) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const since = performance.now();
    response.once('close', () => {
      const method = METHODS.includes(request.method) ? request.method : 'other';
      const status = response.writableFinished ? response.statusCode : 'aborted';
      telemetry.recordRequest({ route: routeOf(request), method, status }, (performance.now() - since) / 1000);
    });
    next();
  };
