import { Body, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Confirmation, PasskeyCeremony } from '#contracts';
import { Access, AdminController } from '../../../http/access.js';
import { PasswordConfirmationBody } from '../passkeys/dto/passkeys.dto.js';
import { CurrentSession, type SignedIn } from '../sessions/signed-in.js';
import { ConfirmationService } from './confirmation.service.js';
import { PasskeyLoginBody } from './dto/auth.dto.js';

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
