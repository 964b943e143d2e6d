import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Role, type SignInSettings, type UpdateSignInSettingsRequest } from '#contracts';
import type { UserActor } from '../../../common/http/identity.js';
import { Database } from '../../../database/database.js';
import { WORKSPACE } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { SignInSettingsStore } from '../../settings/sign-in-settings-store.js';
import { UsersRepository } from '../../users/users.repository.js';
import { ownPasskeyRequired } from './passkey.errors.js';

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
