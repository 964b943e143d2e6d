import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SessionInfo } from '#contracts';
import { SessionCookie } from '../session-cookie.js';
import { SessionInfos } from '../session-infos.js';
import { SessionsService } from '../sessions.service.js';
import { KnownDevices } from './known-devices.js';
import { SignInSources } from './sign-in-source.js';
import { SignInService, type SignInProof } from './sign-in.service.js';

/** The last step of every way in, and the first of the way out: what the browser is given, and what is taken from it. */
@Injectable()
export class SignInBrowser {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly infos: SessionInfos,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
    private readonly sources: SignInSources,
  ) {}

  /** Signs in a user who has shown all it takes, in place of whoever was signed in there. @throws UNAUTHORIZED */
  async signIn(request: Request, response: Response, proof: SignInProof): Promise<SessionInfo> {
    const shown = this.cookie.read(request);
    const replaced = shown === null ? null : await this.sessions.findLive(shown);
    const { cookieValue, live } = await this.signIns.open(proof, this.sources.of(request), replaced);
    this.cookie.write(request, response, cookieValue);
    this.devices.remember(request, response, live.user.id);
    return this.infos.describe(live);
  }

  signOut(request: Request, response: Response): void {
    this.cookie.clear(request, response);
  }
}
