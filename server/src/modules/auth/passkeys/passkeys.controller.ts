import { Body, Get, Param, Patch, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Done, Passkey, PasskeyCeremony, User } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { CurrentSession, type SignedIn } from '../sessions/signed-in.js';
import { UserParams } from '../users/dto/users.dto.js';
import { PasskeyParams, PasswordConfirmationBody, RegisterPasskeyBody, RenamePasskeyBody } from './dto/passkeys.dto.js';
import { PasskeysService, PasskeyRegistration, PasskeyReset } from './passkeys.service.js';
import { RelyingParties } from './relying-party.js';

@AdminController('auth/passkeys')
export class PasskeysController {
  constructor(
    private readonly own: PasskeysService,
    private readonly registration: PasskeyRegistration,
    private readonly parties: RelyingParties,
  ) {}

  /** Lists one's own passkeys. */
  @Get()
  @Access('viewer', { beforeEnrolment: true })
  list(@CurrentUser() actor: UserActor): Promise<Passkey[]> {
    return this.own.list(actor);
  }

  /** What a browser is to ask an authenticator for; needs the password once more. */
  @Post('options')
  @Access('viewer', { beforeEnrolment: true })
  begin(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: PasswordConfirmationBody,
    @Req() request: Request,
  ): Promise<PasskeyCeremony> {
    return this.registration.begin(signedIn, body, this.parties.find(request));
  }

  /** Registers the passkey an authenticator made; ends one's other sessions. */
  @Post()
  @Access('viewer', { beforeEnrolment: true })
  register(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: RegisterPasskeyBody,
    @Req() request: Request,
  ): Promise<Passkey> {
    return this.registration.register(signedIn, body, this.parties.find(request));
  }

  /** Gives one of one's own passkeys another name. */
  @Patch(':id')
  @Access('viewer')
  rename(
    @CurrentUser() actor: UserActor,
    @Param() { id }: PasskeyParams,
    @Body() body: RenamePasskeyBody,
  ): Promise<Passkey> {
    return this.own.rename(actor, id, body);
  }

  /** Removes one of one's own passkeys, with the password; ends one's other sessions. */
  @Post(':id/remove')
  @Access('viewer')
  async remove(
    @CurrentSession() signedIn: SignedIn,
    @Param() { id }: PasskeyParams,
    @Body() body: PasswordConfirmationBody,
  ): Promise<Done> {
    await this.own.remove(signedIn, id, body);
    return { done: true };
  }
}

@AdminController('users')
export class UserPasskeysController {
  constructor(private readonly passkeys: PasskeyReset) {}

  /** Removes all passkeys of a user who has lost them, and ends their sessions at once. */
  @Post(':id/passkeys/reset')
  @Access('owner')
  reset(@CurrentUser() actor: UserActor, @Param() { id }: UserParams): Promise<User> {
    return this.passkeys.reset(actor, id);
  }
}
