import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import cookieParser from 'cookie-parser';
import type { CookieOptions, Request, Response } from 'express';
import { DEVICE_COOKIE, SESSION_COOKIE, type UserId } from '#contracts';
import { AppConfig } from '../../../config/app-config.js';
import { isPlainHttpExpected } from '../../../config/exposure.js';
import { clientInfoOf } from '../../../http/access.js';
import { arrivedInPlain } from '../../../http/proxy/plain-http.js';
import type { KnownDevice, SignInClient } from '../throttle/sign-in-limits.js';

/** The only routes that need the device cookie. */
const DEVICE_COOKIE_PATH = '/api/admin/auth';
const DEVICE_COOKIE_MS = 180 * 86_400_000;

/** Cookies of one name that are looked at: a site beside ours can set others of that name, which come first if their path is longer. */
const MAX_OF_A_NAME = 5;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

/** Returns the values of the cookies of this name that have a valid signature, in the browser's order. */
const signedCookies = (request: Request, name: string, secrets: readonly string[]): readonly string[] =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .slice(0, MAX_OF_A_NAME)
    .map((pair) => decoded(pair.slice(name.length + 1)))
    .filter((value) => value.startsWith('s:'))
    .map((value) => cookieParser.signedCookie(value, [...secrets]))
    .filter((value) => typeof value === 'string' && value !== '') as string[];

/**
 * The two signed cookies of a browser: its session, and the user who last signed in on it. The second one grants nothing, but
 * shields its browser from failed attempts elsewhere (OWASP: device cookies against online guessing).
 */
@Injectable()
export class AuthCookies {
  readonly #isPlainHttpExpected: boolean;
  readonly #publicUrl: URL | null;

  constructor(private readonly config: AppConfig) {
    this.#isPlainHttpExpected = isPlainHttpExpected(config);
    this.#publicUrl = config.publicBaseUrl === null ? null : new URL(config.publicBaseUrl);
  }

  /** The values of the session cookie: usually one, or none. More than one if another site has set it too. */
  readSessions(request: Request): readonly string[] {
    return signedCookies(request, SESSION_COOKIE, this.config.sessionSecrets);
  }

  /** Sets the session cookie, for one idle time from now. */
  writeSession(request: Request, response: Response, value: string): void {
    response.cookie(SESSION_COOKIE, value, {
      ...this.#attributes(request),
      signed: true,
      maxAge: this.config.sessionTtlSeconds * 1000,
    });
  }

  /** Removes the session cookie from the browser. */
  clearSession(request: Request, response: Response): void {
    response.clearCookie(SESSION_COOKIE, this.#attributes(request));
  }

  /** Where the request comes from, and the device if a user has signed in on it. */
  clientOf(request: Request): SignInClient {
    return { origin: clientInfoOf(request), device: this.#readDevice(request) };
  }

  /** Whether a session cookie would be lost: it would be Secure, and the request came over plain HTTP. */
  wouldBeLost(request: Request): boolean {
    return this.#attributes(request).secure === true && arrivedInPlain(request, this.#publicUrl);
  }

  /** Marks the browser as one on which this user has signed in. */
  rememberDevice(request: Request, response: Response, userId: UserId): void {
    const known = this.#readDevice(request);
    const id = known?.userId === userId ? known.id : randomBytes(18).toString('base64url');
    response.cookie(DEVICE_COOKIE, `${userId}.${id}`, {
      ...this.#attributes(request),
      sameSite: 'strict',
      path: DEVICE_COOKIE_PATH,
      signed: true,
      maxAge: DEVICE_COOKIE_MS,
    });
  }

  #readDevice(request: Request): KnownDevice | null {
    const [cookie] = signedCookies(request, DEVICE_COOKIE, this.config.sessionSecrets);
    const [userId, id] = cookie?.split('.') ?? [];
    return userId && id ? { id, userId: userId as UserId } : null;
  }

  /** Secure, unless the request is plain HTTP on a development or loopback installation. */
  #attributes(request: Request): CookieOptions {
    const secure = request.secure || !this.#isPlainHttpExpected;
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
