import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { SESSION_COOKIE } from '#contracts';
import { isLoopback } from '../../common/http/loopback.js';
import { AppConfig } from '../../config/app-config.js';

/** Reads and writes the one cookie there is. */
@Injectable()
export class SessionCookie {
  readonly #isPlainHttpExpected: boolean;

  constructor(private readonly config: AppConfig) {
    const publicUrl = config.publicBaseUrl === null ? null : new URL(config.publicBaseUrl);
    const isLocal = isLoopback(config.host) || isLoopback(publicUrl?.hostname ?? '');
    this.#isPlainHttpExpected = publicUrl?.protocol !== 'https:' && (!config.production || isLocal);
  }

  /** The session id, if the cookie is there and carries our signature. */
  read(request: Request): string | null {
    const value: unknown = (request.signedCookies as Record<string, unknown>)[SESSION_COOKIE];
    return typeof value === 'string' && value !== '' ? value : null;
  }

  write(request: Request, response: Response, value: string): void {
    response.cookie(SESSION_COOKIE, value, {
      ...this.#options(request),
      signed: true,
      maxAge: this.config.sessionTtlSeconds * 1000,
    });
  }

  clear(request: Request, response: Response): void {
    response.clearCookie(SESSION_COOKIE, this.#options(request));
  }

  /** Secure, unless the request really is plain HTTP on a development or loopback install. */
  #options(request: Request): CookieOptions {
    const secure = request.secure || !this.#isPlainHttpExpected;
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
