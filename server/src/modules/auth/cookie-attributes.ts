import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request } from 'express';
import { AppConfig } from '../../config/app-config.js';

const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|localhost)$/;

/** The attributes every cookie has. */
@Injectable()
export class CookieAttributes {
  readonly #isPlainHttpExpected: boolean;

  constructor(config: AppConfig) {
    const publicUrl = config.publicBaseUrl === null ? null : new URL(config.publicBaseUrl);
    const isLoopback = LOOPBACK.test(config.host) || LOOPBACK.test(publicUrl?.hostname ?? '');
    this.#isPlainHttpExpected = publicUrl?.protocol !== 'https:' && (!config.production || isLoopback);
  }

  /** Secure, unless the request really is plain HTTP on a development or loopback install. */
  of(request: Request): CookieOptions {
    const secure = request.secure || !this.#isPlainHttpExpected;
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
