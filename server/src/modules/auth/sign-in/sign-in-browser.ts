import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SessionInfo } from '#contracts';
import type { UserEntity } from '../../users/user.entity.js';
import { SessionCookie } from '../session-cookie.js';
import { SessionsService } from '../sessions.service.js';
import { KnownDevices } from './known-devices.js';
import { SignInSources } from './sign-in-source.js';
import { SignInService } from './sign-in.service.js';

/** The last step of every way in, and the first of the way out: what the browser is given, and what is taken from it. */
@Injectable()
export class SignInBrowser {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
    private readonly sources: SignInSources,
  ) {}

  /** Signs in a user who has shown all it takes, in place of whoever was signed in there. @throws UNAUTHORIZED */
  async signIn(request: Request, response: Response, user: UserEntity): Promise<SessionInfo> {
    const shown = this.cookie.read(request);
    const replaced = shown === null ? null : await this.sessions.findLive(shown);
    const { cookieValue, live } = await this.signIns.open(user, this.sources.of(request), replaced);
    this.cookie.write(request, response, cookieValue);
    this.devices.remember(request, response, user.id);
    return this.sessions.describe(live);
  }

  signOut(request: Request, response: Response): void {
    this.cookie.clear(request, response);
  }
}
