import { Body, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Confirmation, CsrfInfo, Done, PasskeyCeremony, SessionInfo } from '#contracts';
import { Access, AdminController, HasEffect, Public } from '../../../http/access.js';
import { PasswordConfirmationBody } from '../passkeys/dto/passkeys.dto.js';
import { CredentialsService } from '../sessions/credentials.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CurrentSession, type SignedIn } from '../sessions/signed-in.js';
import type { UserEntity } from '../users/user.entity.js';
import { ConfirmationService } from './confirmation.service.js';
import { ChangePasswordBody, LoginBody, PasskeyLoginBody } from './dto/auth.dto.js';
import { LocalAuthGuard, PasswordUser } from './local-auth.guard.js';
import { SignInService } from './sign-in.service.js';

const DONE: Done = { done: true };

@AdminController('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly credentials: CredentialsService,
  ) {}

  /** Signs in with user name and password and sets the session cookie; users with a passkey then have to use it. */
  @Post('login')
  @Public()
  @UseGuards(LocalAuthGuard)
  login(
    @PasswordUser() user: UserEntity,
    // The guard has checked it; here it documents the route.
    @Body() _: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    return this.signIn.signIn(user, request, response);
  }

  /** Completes a sign-in that was answered `SECOND_FACTOR_REQUIRED`, and sets the session cookie. */
  @Post('login/passkey')
  @Public()
  loginWithPasskey(
    @Body() body: PasskeyLoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    return this.signIn.signInWithPasskey(body, request, response);
  }

  /** Ends this session. */
  @Post('logout')
  @Access('viewer', { beforeEnrolment: true })
  async logout(
    @CurrentSession() signedIn: SignedIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Done> {
    await this.signIn.signOut(signedIn, request, response);
    return DONE;
  }

  /** Returns the signed-in user and the CSRF token of this session. */
  @Get('me')
  @Access('viewer', { beforeEnrolment: true })
  me(@CurrentSession() { live }: SignedIn): SessionInfo {
    return this.signIn.describe(live);
  }

  /** Returns a new CSRF token; the earlier one is refused from then on. */
  @Get('csrf')
  @Access('viewer', { beforeEnrolment: true })
  @HasEffect()
  async csrf(@CurrentSession() signedIn: SignedIn): Promise<CsrfInfo> {
    return { csrfToken: await this.sessions.refreshCsrf(signedIn) };
  }

  /** Changes your own password and ends your other sessions. */
  @Post('password')
  @Access('viewer')
  async changePassword(@CurrentSession() signedIn: SignedIn, @Body() body: ChangePasswordBody): Promise<Done> {
    await this.credentials.changePassword(signedIn, body);
    return DONE;
  }
}

@AdminController('auth/confirm')
export class ConfirmationController {
  constructor(private readonly confirmations: ConfirmationService) {}

  /** Confirms with the password who you are, for the requests that need it within the next five minutes. */
  @Post()
  @Access('viewer')
  withPassword(@CurrentSession() signedIn: SignedIn, @Body() body: PasswordConfirmationBody): Promise<Confirmation> {
    return this.confirmations.withPassword(signedIn, body);
  }

  /** Returns the options with which the browser asks one of your passkeys to confirm who you are. */
  @Post('passkey/options')
  @Access('viewer')
  begin(@CurrentSession() signedIn: SignedIn, @Req() request: Request): Promise<PasskeyCeremony> {
    return this.confirmations.beginWithPasskey(signedIn, request);
  }

  /** Confirms with a passkey who you are. */
  @Post('passkey')
  @Access('viewer')
  withPasskey(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: PasskeyLoginBody,
    @Req() request: Request,
  ): Promise<Confirmation> {
    return this.confirmations.withPasskey(signedIn, body, request);
  }
}
