import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Role, type SignInSettings, type UpdateSignInSettingsRequest } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { WORKSPACE } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { type Setting, SettingsService } from '../../settings/settings.service.js';
import { ownPasskeyRequired } from '../auth.errors.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { UpdateSignInSettingsBody } from './dto/sign-in-settings.dto.js';

/** The setting of which roles must have a passkey: none, until an owner changes it. */
@Injectable()
export class SignInSettingsService implements OnModuleInit {
  readonly #stored: Setting<SignInSettings>;

  constructor(
    settings: SettingsService,
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly audit: AuditService,
  ) {
    this.#stored = settings.define<SignInSettings>({
      key: 'sign-in',
      action: 'settings.sign_in.updated',
      body: UpdateSignInSettingsBody,
      defaults: { passkeyRequiredRoles: [] },
    });
  }

  /** Reads the stored settings. */
  onModuleInit(): Promise<void> {
    return this.#stored.reload();
  }

  /** The current settings. */
  get(): SignInSettings {
    return this.#stored.current;
  }

  /** Changes settings, from now on. @throws PASSKEY_REQUIRED when owners would lock themselves out */
  async update(actor: UserActor, request: UpdateSignInSettingsRequest): Promise<SignInSettings> {
    const { passkeyRequiredRoles: roles } = request;
    if (!roles) return this.get();
    // Each role once and in a fixed order, so that the same choice is the same setting.
    const passkeyRequiredRoles = Object.values(Role).filter((role) => roles.includes(role));
    return this.db.transaction(async (tx) => {
      const { before, after } = await this.#stored.change(tx, { passkeyRequiredRoles });
      if (isDeepStrictEqual(before, after)) return after;
      const own = await this.users.findById(actor.id, tx);
      if (passkeyRequiredRoles.includes(actor.role) && !own?.passkeyCount) throw ownPasskeyRequired();
      await this.audit.record(tx, {
        actor,
        action: 'settings.sign_in.updated',
        target: WORKSPACE,
        message: `${actor.username} changed which roles must have a passkey.`,
        metadata: { before, after },
      });
      return after;
    });
  }

  /** Whether the user has to register a passkey before anything else. */
  isPasskeyMissing({ role, passkeyCount }: UserEntity): boolean {
    return passkeyCount === 0 && this.get().passkeyRequiredRoles.includes(role);
  }

  /** The stored settings, which cannot change until the transaction ends. */
  lock(tx: Tx): Promise<SignInSettings> {
    return this.#stored.lock(tx);
  }
}
