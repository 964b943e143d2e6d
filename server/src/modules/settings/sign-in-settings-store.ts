import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SignInSettings } from '#contracts';
import type { Tx } from '../../database/tx.js';
import { SettingParts, StoredSetting, type SettingChange } from './stored-setting.js';

/** How people sign in: nobody needs a passkey until an owner says so. */
@Injectable()
export class SignInSettingsStore implements OnModuleInit {
  readonly #stored: StoredSetting<SignInSettings>;

  constructor(parts: SettingParts) {
    const name = { key: 'sign-in', action: 'settings.sign_in.updated' } as const;
    this.#stored = new StoredSetting<SignInSettings>(name, { passkeyRequiredRoles: [] }, parts);
  }

  get current(): SignInSettings {
    return this.#stored.current;
  }

  onModuleInit(): Promise<void> {
    return this.reload();
  }

  /** Takes over what is stored. */
  reload(): Promise<void> {
    return this.#stored.reload();
  }

  /** What holds; nobody else changes it until the transaction ends. */
  lock(tx: Tx): Promise<SignInSettings> {
    return this.#stored.lock(tx);
  }

  /** Stores `changes`; they hold from the commit on. */
  change(tx: Tx, changes: Partial<SignInSettings>): Promise<SettingChange<SignInSettings>> {
    return this.#stored.change(tx, changes);
  }
}
