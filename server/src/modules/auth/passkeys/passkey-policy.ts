import { Injectable } from '@nestjs/common';
import { SignInSettingsStore } from '../../settings/sign-in-settings-store.js';
import type { UserEntity } from '../../users/user.entity.js';

/** Who must have a passkey. */
@Injectable()
export class PasskeyPolicy {
  constructor(private readonly settings: SignInSettingsStore) {}

  /** Whether the user must register one before they do anything else. */
  isMissingFor({ role, passkeyCount }: UserEntity): boolean {
    return passkeyCount === 0 && this.settings.current.passkeyRequiredRoles.includes(role);
  }
}
