import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import {
  MAX_PASSKEYS_PER_USER,
  type Passkey,
  type PasskeyCeremony,
  type PasskeyId,
  type PasswordConfirmation,
  type RegisterPasskeyRequest,
  type RenamePasskeyRequest,
  type User,
  type UserId,
} from '#contracts';
import { actorName, type SystemActor, type UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { unauthorized } from '../../../common/errors.js';
import { Ids } from '../../../common/ids.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { isUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import {
  cannotResetOwnPasskeys,
  lastPasskeyRequired,
  passkeyAlreadyRegistered,
  passkeyLimitReached,
  passkeyNotFound,
  passkeyRefused,
  passkeysUnavailable,
  userNotFound,
} from '../auth.errors.js';
import { CredentialsService } from '../sessions/credentials.service.js';
import type { SignedIn } from '../sessions/signed-in.js';
import { toUser } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { ChallengePurpose } from './passkey-challenge.entity.js';
import { PasskeyChallengesStore } from './passkey-challenges.store.js';
import { type PasskeyEntity, toPasskey } from './passkey.entity.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { findRelyingParty, type RelyingParty } from './relying-party.js';
import { SignInSettingsService } from './sign-in-settings.service.js';
import { type NewPasskey, readRegistration, registrationOptions, toAttestation } from './webauthn.js';

/** Longer than for a sign-in: registering may mean fetching a phone or unpacking a key. */
const TTL_SECONDS = 300;

/** Registers, renames and removes the passkeys of signed-in users; owners and the operator can reset those of others. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly config: AppConfig,
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallengesStore,
    private readonly credentials: CredentialsService,
    private readonly settings: SignInSettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The actor's passkeys, oldest first. */
  async list({ id }: UserActor): Promise<Passkey[]> {
    return (await this.passkeys.allOf(id)).map(toPasskey);
  }

  /**
   * The options with which the browser asks an authenticator for a new passkey.
   * @throws PASSKEYS_UNAVAILABLE
   * @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many
   * @throws PASSKEY_LIMIT_REACHED
   */
  async begin(signedIn: SignedIn, body: PasswordConfirmation, request: Request): Promise<PasskeyCeremony> {
    const party = this.#party(request);
    if (!party) throw passkeysUnavailable();
    await this.credentials.confirmPassword(signedIn, body);
    const { user } = signedIn.live;
    const own = await this.passkeys.allOf(user.id);
    if (own.length >= MAX_PASSKEYS_PER_USER) throw passkeyLimitReached();
    const { challenge, options } = await registrationOptions(user, own, { party, timeoutSeconds: TTL_SECONDS });
    const issued = await this.challenges.issue(user, ChallengePurpose.REGISTRATION, challenge, TTL_SECONDS);
    return { ...issued, options };
  }

  /**
   * Stores the public key of a new passkey and ends the user's other sessions.
   * @throws PASSKEY_REFUSED
   * @throws PASSKEY_ALREADY_REGISTERED
   * @throws PASSKEY_LIMIT_REACHED
   */
  async register(signedIn: SignedIn, body: RegisterPasskeyRequest, request: Request): Promise<Passkey> {
    const made = await this.#readRegistration(signedIn, body, this.#party(request));
    const { user } = signedIn.live;
    const passkey: PasskeyEntity = {
      ...made,
      id: this.ids.make('pky'),
      userId: user.id,
      name: body.name,
      createdAt: this.clock.now(),
      lastUsedAt: null,
    };
    try {
      await this.#insert(signedIn, passkey);
    } catch (error) {
      if (isUniqueViolation(error)) throw passkeyAlreadyRegistered();
      throw error;
    }
    return toPasskey(passkey);
  }

  /** Renames one of the actor's passkeys. @throws PASSKEY_NOT_FOUND */
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
   * Removes one of the user's passkeys and ends their other sessions.
   * @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many
   * @throws PASSKEY_NOT_FOUND
   * @throws PASSKEY_REQUIRED when it is the last one and the role requires one
   */
  async remove(signedIn: SignedIn, id: PasskeyId, body: PasswordConfirmation): Promise<void> {
    const { actor } = signedIn;
    await this.credentials.confirmPassword(signedIn, body);
    await this.credentials.changeFactor(signedIn, async (tx) => {
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

  /**
   * Removes all passkeys of a user and ends their sessions at once; changes nothing when there are none.
   * @throws USER_NOT_FOUND
   * @throws FORBIDDEN for the actor's own passkeys, which are removed one by one, with the password
   */
  async reset(actor: UserActor | SystemActor, id: UserId): Promise<User> {
    if (actor.kind === 'user' && actor.id === id) throw cannotResetOwnPasskeys();
    return this.db.transaction(async (tx) => {
      const user = await this.users.findById(id, tx);
      if (!user) throw userNotFound(id);
      if (!(await this.users.clearPasskeyCount(id, tx))) return toUser(user);
      await this.passkeys.deleteAllOf(id, tx);
      await this.users.invalidateSessions(id, tx);
      await this.audit.record(tx, {
        actor,
        action: 'user.passkeys.reset',
        target: { type: 'User', id },
        message: `${actorName(actor)} removed all passkeys of user ${user.username}.`,
        metadata: { username: user.username, passkeys: user.passkeyCount },
      });
      return toUser({ ...user, passkeyCount: 0 });
    });
  }

  #party(request: Request): RelyingParty | null {
    return findRelyingParty(this.config.publicBaseUrl, request);
  }

  async #readRegistration(
    { live: { user } }: SignedIn,
    { ticket, response }: RegisterPasskeyRequest,
    party: RelyingParty | null,
  ): Promise<NewPasskey> {
    const attestation = toAttestation(response);
    const challenge = await this.challenges.consume(ticket, ChallengePurpose.REGISTRATION);
    const isOwn = challenge?.userId === user.id && challenge.userSessionEpoch === user.sessionEpoch;
    const made = isOwn && party ? await readRegistration(attestation, { challenge: challenge.challenge, party }) : null;
    if (!made) throw passkeyRefused();
    return made;
  }

  async #insert(signedIn: SignedIn, passkey: PasskeyEntity): Promise<void> {
    const { actor, live } = signedIn;
    await this.credentials.changeFactor(signedIn, async (tx) => {
      const isCounted = await this.users.countPasskeyAdded(live.user, MAX_PASSKEYS_PER_USER, tx);
      if (!isCounted) {
        const now = await this.users.findById(actor.id, tx);
        throw now?.sessionEpoch === live.user.sessionEpoch ? passkeyLimitReached() : unauthorized();
      }
      await this.passkeys.insert(passkey, tx);
      return {
        action: 'passkey.registered',
        message: `${actor.username} registered the passkey ${passkey.name}.`,
        metadata: { passkeyId: passkey.id, name: passkey.name, host: passkey.rpId },
      };
    });
  }

  async #getOwn(actor: UserActor, id: PasskeyId, tx: Tx): Promise<PasskeyEntity> {
    const passkey = await this.passkeys.findOwn(actor.id, id, tx);
    if (!passkey) throw passkeyNotFound(id);
    return passkey;
  }
}
