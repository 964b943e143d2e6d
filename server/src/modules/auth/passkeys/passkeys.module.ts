import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { UsersModule } from '../../users/users.module.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { PasskeyPolicy } from './passkey-policy.js';
import { PasskeyReset } from './passkey-reset.js';
import { PasskeySignIn } from './passkey-sign-in.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { RelyingParties } from './relying-party.js';
import { SignInSettingsService } from './sign-in-settings.service.js';

/** What there is to passkeys without a session; with one, it is part of `AuthModule`. */
const PARTS = [
  PasskeysRepository,
  PasskeyChallenges,
  PasskeyPolicy,
  PasskeyReset,
  PasskeySignIn,
  RelyingParties,
  SignInSettingsService,
];

@Module({ imports: [AuditModule, SettingsModule, UsersModule], providers: PARTS, exports: PARTS })
export class PasskeysModule {}
