import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Role, type SignInSettings, type UpdateSignInSettingsRequest } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { WORKSPACE } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { type SettingChange, SettingParts, StoredSetting } from '../../settings/settings.service.js';
import { ownPasskeyRequired } from '../auth.errors.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';

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

@Injectable()
export class SignInSettingsService {
  constructor(
    private readonly db: Database,
    private readonly settings: SignInSettingsStore,
    private readonly users: UsersRepository,
    private readonly audit: AuditService,
  ) {}

  get(): SignInSettings {
    return this.settings.current;
  }

  /** Changes settings; they hold at once. @throws PASSKEY_REQUIRED when the owner would shut themselves out */
  async update(actor: UserActor, request: UpdateSignInSettingsRequest): Promise<SignInSettings> {
    const { passkeyRequiredRoles: roles } = request;
    if (!roles) return this.settings.current;
    // In the order of the roles and once each, so that the same choice is the same setting.
    const passkeyRequiredRoles = Object.values(Role).filter((role) => roles.includes(role));
    return this.db.transaction(async (tx) => {
      const { before, after } = await this.settings.change(tx, { passkeyRequiredRoles });
      if (isDeepStrictEqual(before, after)) return after;
      const own = await this.users.findById(actor.id, tx);
      if (passkeyRequiredRoles.includes(actor.role) && !own?.passkeyCount) throw ownPasskeyRequired();
      await this.audit.record(tx, {
        actor,
        action: 'settings.sign_in.updated',
        target: WORKSPACE,
        message: `${actor.username} changed who must have a passkey.`,
        metadata: { before, after },
      });
      return after;
    });
  }
}

/** Who must have a passkey. */
@Injectable()
export class PasskeyPolicy {
  constructor(private readonly settings: SignInSettingsStore) {}

  /** Whether the user must register one before they do anything else. */
  isPasskeyMissing({ role, passkeyCount }: UserEntity): boolean {
    return passkeyCount === 0 && this.settings.current.passkeyRequiredRoles.includes(role);
  }
}
