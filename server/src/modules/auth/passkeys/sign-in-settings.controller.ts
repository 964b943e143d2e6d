import { Body, Get, Patch } from '@nestjs/common';
import type { SignInSettings } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { UpdateSignInSettingsBody } from './dto/sign-in-settings.dto.js';
import { SignInSettingsService } from './sign-in-settings.service.js';

@AdminController('settings')
export class SignInSettingsController {
  constructor(private readonly settings: SignInSettingsService) {}

  /** Returns the sign-in settings. */
  @Get('sign-in')
  @Access('viewer')
  get(): SignInSettings {
    return this.settings.get();
  }

  /** Changes which roles must have a passkey, from now on. */
  @Patch('sign-in')
  @Access('owner', { confirmed: true })
  update(@CurrentUser() actor: UserActor, @Body() body: UpdateSignInSettingsBody): Promise<SignInSettings> {
    return this.settings.update(actor, body);
  }
}
