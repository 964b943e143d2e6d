import { METHODS } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../common/ip-address.js';
import type { Telemetry } from '../common/telemetry.js';
import { AppConfig } from '../config/app-config.js';
import { arrivedInPlain } from './proxy/plain-http.js';

/** How users' requests have arrived since this process started. */
export interface RequestsSeen {
  readonly https: boolean;
  /** Plain HTTP from another machine. */
  readonly plainFromElsewhere: boolean;
  /** Plain HTTP to a host name that is not this machine's own, whoever passed it on. */
  readonly plainToPublicHost: boolean;
  /** With headers of a proxy that is not trusted. */
  readonly unbelievedProxy: boolean;
}

/** Records how users' requests arrive, for the safety page. */
@Injectable()
export class RequestStats {
  readonly #publicUrl: URL | null;

  constructor({ publicBaseUrl }: AppConfig) {
    this.#publicUrl = publicBaseUrl === null ? null : new URL(publicBaseUrl);
  }

  /** What has been seen so far; replaced as a whole. */
  snapshot: RequestsSeen = {
    https: false,
    plainFromElsewhere: false,
    plainToPublicHost: false,
    unbelievedProxy: false,
  };

  /** Adds a request to the snapshot. */
  record(request: Request): void {
    const sender = request.socket.remoteAddress ?? '';
    const isUntrusted = request.headers['x-forwarded-for'] !== undefined && request.ip === sender;
    // A proxy that is not believed may have received the request over HTTPS, unless it or the browser says otherwise.
    const isUnclear = isUntrusted && !request.headers.origin && !request.headers['x-forwarded-proto'];
    const isPlain = !isUnclear && arrivedInPlain(request, this.#publicUrl);
    const host = request.hostname as string | undefined;
    const isElsewhere = !isLoopback(request.ip ?? sender);
    this.snapshot = {
      https: this.snapshot.https || request.secure,
      plainFromElsewhere: this.snapshot.plainFromElsewhere || (isPlain && isElsewhere),
      plainToPublicHost: this.snapshot.plainToPublicHost || (isPlain && host !== undefined && !isLoopback(host)),
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
