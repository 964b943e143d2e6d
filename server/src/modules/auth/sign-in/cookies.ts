import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SESSION_COOKIE } from '#contracts';
import { AppConfig } from '../../config/app-config.js';
import { CookieAttributes } from './cookie-attributes.js';

/** The value of a cookie that carries our signature; null for any other. */
export const signedCookie = (request: Request, name: string): string | null => {
  const value: unknown = (request.signedCookies as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Reads and writes the cookie of the session. */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly config: AppConfig,
    private readonly attributes: CookieAttributes,
  ) {}

  /** The session id, if the cookie is there and carries our signature. */
  read(request: Request): string | null {
    return signedCookie(request, SESSION_COOKIE);
  }

  write(request: Request, response: Response, value: string): void {
    response.cookie(SESSION_COOKIE, value, {
      ...this.attributes.of(request),
      signed: true,
      maxAge: this.config.sessionTtlSeconds * 1000,
    });
  }

  clear(request: Request, response: Response): void {
    response.clearCookie(SESSION_COOKIE, this.attributes.of(request));
  }
}
