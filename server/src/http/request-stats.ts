import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from './loopback.js';

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
export class Traffic {
  seen: TrafficSeen = { https: false, plainFromElsewhere: false, unbelievedProxy: false };

  note(request: Request): void {
    const sender = request.socket.remoteAddress ?? '';
    const isUnbelieved = request.headers['x-forwarded-for'] !== undefined && request.ip === sender;
    // What an unbelieved proxy passes on may well have come to it by HTTPS.
    const isPlain = !request.secure && !isUnbelieved && !isLoopback(request.ip ?? sender);
    this.seen = {
      https: this.seen.https || request.secure,
      plainFromElsewhere: this.seen.plainFromElsewhere || isPlain,
      unbelievedProxy: this.seen.unbelievedProxy || isUnbelieved,
    };
  }
}

/** Has every request noted. */
export const noteTraffic =
  (traffic: Traffic) =>
  (request: Request, _response: Response, next: NextFunction): void => {
    traffic.note(request);
    next();
  };
