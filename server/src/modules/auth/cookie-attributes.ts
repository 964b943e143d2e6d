import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request } from 'express';
import { isLoopback } from '../../common/http/loopback.js';
import { AppConfig } from '../../config/app-config.js';

/** The attributes every cookie has. */
@Injectable()
export class CookieAttributes {
  readonly #isPlainHttpExpected: boolean;

  constructor(config: AppConfig) {
    const publicUrl = config.publicBaseUrl === null ? null : new URL(config.publicBaseUrl);
    const isLocal = isLoopback(config.host) || isLoopback(publicUrl?.hostname ?? '');
    this.#isPlainHttpExpected = publicUrl?.protocol !== 'https:' && (!config.production || isLocal);
  }

  /** Secure, unless the request really is plain HTTP on a development or loopback install. */
  of(request: Request): CookieOptions {
    const secure = request.secure || !this.#isPlainHttpExpected;
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
