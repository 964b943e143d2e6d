import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DEVICE_COOKIE, type UserId } from '#contracts';
import { CookieAttributes } from '../cookie-attributes.js';
import { signedCookie } from '../session-cookie.js';

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
