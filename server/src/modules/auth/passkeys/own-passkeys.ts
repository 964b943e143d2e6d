import { Injectable } from '@nestjs/common';
import type { Passkey, PasskeyId, PasswordConfirmation, RenamePasskeyRequest } from '#contracts';
import type { UserActor } from '../../../common/http/identity.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SignInSettingsStore } from '../../settings/sign-in-settings-store.js';
import { UsersRepository } from '../../users/users.repository.js';
import { FactorChanges } from '../factor-changes.js';
import type { SignedIn } from '../signed-in.js';
import type { PasskeyEntity } from './passkey.entity.js';
import { lastPasskeyRequired, passkeyNotFound } from './passkey.errors.js';
import { toPasskey } from './passkey.mapper.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** What users do with the passkeys they have. */
@Injectable()
export class OwnPasskeys {
  constructor(
    private readonly db: Database,
    private readonly factors: FactorChanges,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly settings: SignInSettingsStore,
    private readonly audit: AuditService,
  ) {}

  /** One's own, oldest first. */
  async list({ id }: UserActor): Promise<Passkey[]> {
    return (await this.passkeys.allOf(id)).map(toPasskey);
  }

  /** Gives a passkey another name. @throws PASSKEY_NOT_FOUND */
  async rename(actor: UserActor, id: PasskeyId, { name }: RenamePasskeyRequest): Promise<Passkey> {
    return this.db.transaction(async (tx) => {
      const passkey = await this.#getOwn(actor, id, tx);
      if (passkey.name === name) return toPasskey(passkey);
      await this.passkeys.rename(id, name, tx);
      await this.audit.record(tx, {
        actor,
        action: 'passkey.renamed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} renamed the passkey ${passkey.name} to ${name}.`,
        metadata: { passkeyId: id, before: passkey.name, after: name },
      });
      return toPasskey({ ...passkey, name });
    });
  }

  /**
   * Removes a passkey and ends the user's other sessions.
   * @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many
   * @throws PASSKEY_NOT_FOUND
   * @throws PASSKEY_REQUIRED when it is the last one and the role needs one
   */
  async remove(signedIn: SignedIn, id: PasskeyId, request: PasswordConfirmation): Promise<void> {
    const { actor } = signedIn;
    await this.factors.confirm(signedIn, request);
    await this.factors.change(signedIn, async (tx) => {
      const { passkeyRequiredRoles } = await this.settings.lock(tx);
      const passkey = await this.#getOwn(actor, id, tx);
      if (!(await this.passkeys.delete(id, tx))) throw passkeyNotFound(id);
      const mustRemain = passkeyRequiredRoles.includes(actor.role) ? 1 : 0;
      if (!(await this.users.countPasskeyRemoved(actor.id, mustRemain, tx))) throw lastPasskeyRequired();
      return {
        action: 'passkey.removed',
        message: `${actor.username} removed the passkey ${passkey.name}.`,
        metadata: { passkeyId: id, name: passkey.name },
      };
    });
  }

  async #getOwn(actor: UserActor, id: PasskeyId, tx: Tx): Promise<PasskeyEntity> {
    const passkey = await this.passkeys.findOwn(actor.id, id, tx);
    if (!passkey) throw passkeyNotFound(id);
    return passkey;
  }
}
