import { Body, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { CsrfInfo, Done, SessionInfo } from '#contracts';
import { Access, AdminController, Public } from '../../common/http/access.js';
import { originOf } from '../../common/http/request-origin.js';
import type { UserEntity } from '../users/user.entity.js';
import { AuthService } from './auth.service.js';
import { ChangePasswordBody, LoginBody } from './dto/auth.body.js';
import { CheckedUser, LoginGuard } from './login.guard.js';
import { PasskeyLoginBody } from './passkeys/dto/passkeys.body.js';
import { PasskeySignIn } from './passkeys/passkey-sign-in.js';
import { RelyingParties } from './passkeys/relying-party.js';
import { SessionCookie } from './session-cookie.js';
import { SessionInfos } from './session-infos.js';
import { CurrentSession, type SignedIn } from './signed-in.js';

const DONE: Done = { done: true };

@AdminController('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly infos: SessionInfos,
    private readonly cookie: SessionCookie,
    private readonly secondFactor: PasskeySignIn,
    private readonly parties: RelyingParties,
  ) {}

  /** Signs in with user name and password; sets the session cookie. */
  @Post('login')
  @Public()
  @UseGuards(LoginGuard)
  async login(
    @CheckedUser() user: UserEntity,
    // Checked by the guard already; here it says what the route takes.
    @Body() _: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    await this.secondFactor.demand(user, this.parties.find(request));
    const { cookieValue, live } = await this.auth.signIn({ user, passkey: null }, originOf(request));
    this.cookie.write(request, response, cookieValue);
    return this.infos.describe(live);
  }

  /** The second step of a sign-in that was answered `SECOND_FACTOR_REQUIRED`; sets the session cookie. */
  @Post('login/passkey')
  @Public()
  async loginWithPasskey(
    @Body() body: PasskeyLoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    const origin = originOf(request);
    const proven = await this.secondFactor.prove(body, this.parties.find(request), (tx, refusal) =>
      this.auth.notePasskeyRefusal(tx, refusal, origin),
    );
    const { cookieValue, live } = await this.auth.signIn(proven, origin);
    this.cookie.write(request, response, cookieValue);
    return this.infos.describe(live);
  }

  /** Ends this session. */
  @Post('logout')
  @Access('viewer', { beforeEnrolment: true })
  async logout(
    @CurrentSession() signedIn: SignedIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Done> {
    await this.auth.signOut(signedIn);
    this.cookie.clear(request, response);
    return DONE;
  }

  /** Who is signed in, with the CSRF token of this session. */
  @Get('me')
  @Access('viewer', { beforeEnrolment: true })
  me(@CurrentSession() { live }: SignedIn): SessionInfo {
    return this.infos.describe(live);
  }

  /** A new CSRF token; the earlier one is refused from now on. */
  @Get('csrf')
  @Access('viewer', { beforeEnrolment: true })
  async csrf(@CurrentSession() signedIn: SignedIn): Promise<CsrfInfo> {
    return { csrfToken: await this.auth.refreshCsrf(signedIn) };
  }

  /** Changes one's own password and ends one's other sessions. */
  @Post('password')
  @Access('viewer')
  async changePassword(@CurrentSession() signedIn: SignedIn, @Body() body: ChangePasswordBody): Promise<Done> {
    await this.auth.changePassword(signedIn, body);
    return DONE;
  }
}
