import { Body, Get, Param, Patch, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Done, Passkey, PasskeyCeremony, User } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { CurrentSession, type SignedIn } from '../sessions/signed-in.js';
import { UserParams } from '../users/dto/users.dto.js';
import { PasskeyParams, PasswordConfirmationBody, RegisterPasskeyBody, RenamePasskeyBody } from './dto/passkeys.dto.js';
import { PasskeysService } from './passkeys.service.js';

@AdminController('auth/passkeys')
export class PasskeysController {
  constructor(private readonly passkeys: PasskeysService) {}

  /** Lists your own passkeys. */
  @Get()
  @Access('viewer', { beforeEnrolment: true })
  list(@CurrentUser() actor: UserActor): Promise<Passkey[]> {
    return this.passkeys.list(actor);
  }

  /** Returns the options for creating a passkey in the browser; requires the password. */
  @Post('options')
  @Access('viewer', { beforeEnrolment: true })
  begin(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: PasswordConfirmationBody,
    @Req() request: Request,
  ): Promise<PasskeyCeremony> {
    return this.passkeys.begin(signedIn, body, request);
  }

  /** Registers a new passkey; ends your other sessions. */
  @Post()
  @Access('viewer', { beforeEnrolment: true })
  register(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: RegisterPasskeyBody,
    @Req() request: Request,
  ): Promise<Passkey> {
    return this.passkeys.register(signedIn, body, request);
  }

  /** Renames one of your passkeys. */
  @Patch(':id')
  @Access('viewer')
  rename(
    @CurrentUser() actor: UserActor,
    @Param() { id }: PasskeyParams,
    @Body() body: RenamePasskeyBody,
  ): Promise<Passkey> {
    return this.passkeys.rename(actor, id, body);
  }

  /** Removes one of your passkeys; requires the password and ends your other sessions. */
  @Post(':id/remove')
  @Access('viewer')
  async remove(
    @CurrentSession() signedIn: SignedIn,
    @Param() { id }: PasskeyParams,
    @Body() body: PasswordConfirmationBody,
  ): Promise<Done> {
    await this.passkeys.remove(signedIn, id, body);
    return { done: true };
  }
}

@AdminController('users')
export class UserPasskeysController {
  constructor(private readonly passkeys: PasskeysService) {}

  /** Removes all passkeys of a user, who may have lost them, and ends their sessions at once. */
  @Post(':id/passkeys/reset')
  @Access('owner', { confirmed: true })
  reset(@CurrentUser() actor: UserActor, @Param() { id }: UserParams): Promise<User> {
    return this.passkeys.reset(actor, id);
  }
}
