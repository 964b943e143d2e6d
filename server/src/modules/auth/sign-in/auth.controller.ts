import { Body, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { CsrfInfo, Done, SessionInfo } from '#contracts';
import { Access, AdminController, Public } from '../../../http/access.js';
import { PasskeyLoginBody } from '../passkeys/dto/passkeys.dto.js';
import { OwnPassword } from '../sessions/credentials.service.js';
import { AuthService } from '../sessions/sessions.service.js';
import { CurrentSession, type SignedIn } from '../sessions/signed-in.js';
import type { UserEntity } from '../users/user.entity.js';
import { ChangePasswordBody, LoginBody } from './dto/auth.dto.js';
import { PasswordUser, LocalAuthGuard } from './local-auth.guard.js';
import { SecondStep, SessionInfos, SignInBrowser } from './sign-in.service.js';

const DONE: Done = { done: true };

@AdminController('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly password: OwnPassword,
    private readonly infos: SessionInfos,
    private readonly browser: SignInBrowser,
    private readonly secondStep: SecondStep,
  ) {}

  /** Signs in with user name and password; sets the session cookie, unless the user has a passkey to show first. */
  @Post('login')
  @Public()
  @UseGuards(LocalAuthGuard)
  async login(
    @PasswordUser() user: UserEntity,
    // Checked by the guard already; here it says what the route takes.
    @Body() _: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    await this.secondStep.demand(request, user);
    return this.browser.signIn(request, response, { user, passkey: null });
  }

  /** The second step of a sign-in that was answered `SECOND_FACTOR_REQUIRED`; sets the session cookie. */
  @Post('login/passkey')
  @Public()
  async loginWithPasskey(
    @Body() body: PasskeyLoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    return this.browser.signIn(request, response, await this.secondStep.prove(request, body));
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
    this.browser.signOut(request, response);
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
    await this.password.change(signedIn, body);
    return DONE;
  }
}
