import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { DEVICE_COOKIE, SESSION_COOKIE, type UserId } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { isLoopback } from '../../../common/ip-address.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';

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

/** Where the cookie is of use; it is sent to no other route. */
const PATH = '/api/admin/auth';
const LIFE_MS = 180 * 86_400_000;

/** A browser on which somebody has signed in. */
export interface KnownDevice {
  readonly id: string;
  readonly userId: UserId;
}

/**
 * Remembers, in a signed cookie of the browser itself, who has signed in there (OWASP: slow down online guessing with
 * device cookies). It opens nothing: with it, what others do wrong does not count.
 */
@Injectable()
export class KnownDevices {
  constructor(private readonly attributes: CookieAttributes) {}

  read(request: Request): KnownDevice | null {
    const [userId, id] = signedCookie(request, DEVICE_COOKIE)?.split('.') ?? [];
    return userId && id ? { id, userId: userId as UserId } : null;
  }

  /** Lets the browser know that this user has signed in on it. */
  remember(request: Request, response: Response, userId: UserId): void {
    const known = this.read(request);
    const id = known?.userId === userId ? known.id : randomBytes(18).toString('base64url');
    response.cookie(DEVICE_COOKIE, `${userId}.${id}`, {
      ...this.attributes.of(request),
      sameSite: 'strict',
      path: PATH,
      signed: true,
      maxAge: LIFE_MS,
    });
  }
}

/** Where a sign-in comes from. */
export interface SignInClient {
  readonly origin: ClientInfo;
  /** The browser, if somebody has signed in on it before. */
  readonly device: KnownDevice | null;
}

@Injectable()
export class SignInSources {
  constructor(private readonly devices: KnownDevices) {}

  of(request: Request): SignInClient {
    return { origin: clientInfoOf(request), device: this.devices.read(request) };
  }
}
