import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Request } from 'express';
import type { PasskeyCeremony, PasskeyLoginRequest } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { unauthorized } from '../../../common/errors.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { passkeyRefused, passkeysElsewhere, passkeysUnavailable, secondFactorRequired } from '../auth.errors.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { ChallengePurpose } from './passkey-challenge.entity.js';
import { type ConsumedChallenge, PasskeyChallengesStore } from './passkey-challenges.store.js';
import type { PasskeyEntity } from './passkey.entity.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { findRelyingParty, type RelyingParty } from './relying-party.js';
import { readAssertion, signInOptions, toAssertion } from './webauthn.js';

const TTL_SECONDS = 120;

/** A user who has given the right password and then used a passkey. */
export interface VerifiedUser {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity;
}

/** A passkey with a valid signature, and the counter of its authenticator. */
interface PresentedPasskey {
  readonly passkey: PasskeyEntity;
  readonly counter: number;
}

/** Why the second step was refused; for the audit only. */
export interface PasskeyRefusal {
  readonly user: UserEntity;
  /** Set when the signature was valid but the counter was not above the stored one. */
  readonly regressed: PresentedPasskey | null;
}

/** Records a refused second step, in a transaction of its own. */
type RecordRefusal = (tx: Tx, refusal: PasskeyRefusal) => Promise<void>;

const refused = () => unauthorized('The passkey was refused, or it took too long; sign in again.');

/** The second step of a sign-in: users who have a passkey use it after the password. */
@Injectable()
export class PasskeySignIn {
  constructor(
    private readonly config: AppConfig,
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallengesStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Does nothing for a user without passkeys, whose password suffices.
   * @throws SECOND_FACTOR_REQUIRED with the options for the browser
   * @throws PASSKEYS_UNAVAILABLE when none of the user's passkeys works here; the password alone still does not suffice
   */
  async requirePasskey(user: UserEntity, request: Request): Promise<void> {
    if (user.passkeyCount === 0) return;
    throw secondFactorRequired(await this.#begin(user, ChallengePurpose.SIGN_IN, request));
  }

  /** The options with which a signed-in user confirms who they are. @throws PASSKEYS_UNAVAILABLE */
  async beginConfirmation(user: UserEntity, request: Request): Promise<PasskeyCeremony> {
    if (user.passkeyCount === 0) throw passkeysUnavailable();
    return this.#begin(user, ChallengePurpose.CONFIRMATION, request);
  }

  /** Checks the answer to {@link beginConfirmation}; each ticket allows one attempt. @throws PASSKEY_REFUSED */
  async confirm(
    user: UserEntity,
    { ticket, response }: PasskeyLoginRequest,
    request: Request,
    recordRefusal: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    const assertion = toAssertion(response);
    const party = findRelyingParty(this.config.publicBaseUrl, request);
    const challenge = await this.challenges.consume(ticket, ChallengePurpose.CONFIRMATION);
    const isOwn = challenge?.userId === user.id;
    const presented = isOwn && party ? await this.#read(assertion, user, { ...challenge, party }) : null;
    if (!(await this.#accept(presented, recordRefusal))) throw passkeyRefused();
  }

  /**
   * The user who answered the challenge of the ticket with one of their passkeys. Each ticket allows one attempt.
   * @throws UNAUTHORIZED with the same message for every reason
   */
  async verifyPasskey(
    { ticket, response }: PasskeyLoginRequest,
    request: Request,
    recordRefusal: RecordRefusal,
  ): Promise<VerifiedUser> {
    const assertion = toAssertion(response);
    const party = findRelyingParty(this.config.publicBaseUrl, request);
    const challenge = await this.challenges.consume(ticket, ChallengePurpose.SIGN_IN);
    const user = challenge && (await this.users.findById(challenge.userId));
    if (!user) throw refused();
    const presented = party && (await this.#read(assertion, user, { ...challenge, party }));
    const isAccepted = await this.#accept(presented, (tx) => recordRefusal(tx, { user, regressed: presented }));
    if (!presented || !isAccepted) throw refused();
    return { user, passkey: presented.passkey };
  }

  async #begin(user: UserEntity, purpose: ChallengePurpose, request: Request): Promise<PasskeyCeremony> {
    const party = findRelyingParty(this.config.publicBaseUrl, request);
    if (!party) throw passkeysUnavailable();
    const usable = (await this.passkeys.allOf(user.id)).filter(({ rpId }) => rpId === party.id);
    if (usable.length === 0) throw passkeysElsewhere(party.id);
    const { challenge, options } = await signInOptions(usable, { party, timeoutSeconds: TTL_SECONDS });
    return { ...(await this.challenges.issue(user, purpose, challenge, TTL_SECONDS)), options };
  }

  /** Whether the passkey counts; a refusal is recorded. */
  #accept(presented: PresentedPasskey | null, recordRefusal: (tx: Tx) => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (presented && (await this.passkeys.recordUse(presented.passkey.id, presented.counter, this.clock.now(), tx)))
        return true;
      await recordRefusal(tx);
      return false;
    });
  }

  /** The user's passkey that signed, unless the user was disabled or their sessions were ended meanwhile. */
  async #read(
    assertion: AuthenticationResponseJSON,
    user: UserEntity,
    { challenge, party, userSessionEpoch }: ConsumedChallenge & { readonly party: RelyingParty },
  ): Promise<PresentedPasskey | null> {
    if (user.status !== 'ACTIVE' || user.sessionEpoch !== userSessionEpoch) return null;
    const passkey = await this.passkeys.findByCredential(user.id, assertion.id);
    const counter = passkey && (await readAssertion(assertion, passkey, { challenge, party }));
    return passkey && counter !== null ? { passkey, counter } : null;
  }
}
