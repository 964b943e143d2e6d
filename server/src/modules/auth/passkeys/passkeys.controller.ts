import { Body, Get, Param, Patch, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Done, Passkey, PasskeyCeremony, SignInSettings, User } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../../common/http/access.js';
import type { UserActor } from '../../../common/http/identity.js';
import { UserParams } from '../../users/dto/user.params.js';
import { CurrentSession, type SignedIn } from '../signed-in.js';
import { PasskeyParams } from './dto/passkey.params.js';
import {
  PasswordConfirmationBody,
  RegisterPasskeyBody,
  RenamePasskeyBody,
  UpdateSignInSettingsBody,
} from './dto/passkeys.body.js';
import { OwnPasskeys } from './own-passkeys.js';
import { PasskeyRegistration } from './passkey-registration.js';
import { PasskeyReset } from './passkey-reset.js';
import { RelyingParties } from './relying-party.js';
import { SignInSettingsService } from './sign-in-settings.service.js';

@AdminController('auth/passkeys')
export class PasskeysController {
  constructor(
    private readonly own: OwnPasskeys,
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

@AdminController('settings')
export class SignInSettingsController {
  constructor(private readonly settings: SignInSettingsService) {}

  /** How people sign in. */
  @Get('sign-in')
  @Access('viewer')
  get(): SignInSettings {
    return this.settings.get();
  }

  /** Changes who must have a passkey; it holds at once. */
  @Patch('sign-in')
  @Access('owner')
  update(@CurrentUser() actor: UserActor, @Body() body: UpdateSignInSettingsBody): Promise<SignInSettings> {
    return this.settings.update(actor, body);
  }
}
