import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { PasskeyLoginRequest } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { unauthorized } from '../../../common/errors.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { passkeysElsewhere, passkeysUnavailable, secondFactorRequired } from '../auth.errors.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { ChallengePurpose } from './passkey-challenge.entity.js';
import { PasskeyChallenges, type TakenChallenge } from './passkey-challenges.store.js';
import type { PasskeyEntity } from './passkey.entity.js';
import { PasskeysRepository } from './passkeys.repository.js';
import type { RelyingParty } from './relying-party.js';
import { readAssertion, signInOptions, toAssertion } from './webauthn.js';

const TTL_SECONDS = 120;

/** A user who has shown a password and then a passkey. */
export interface ProvenUser {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity;
}

/** A passkey whose answer holds, and the counter its authenticator showed. */
export interface ShownPasskey {
  readonly passkey: PasskeyEntity;
  readonly counter: number;
}

/** Why the second step was refused, for the audit only. */
export interface PasskeyRefusal {
  readonly user: UserEntity;
  /** Set when the passkey was right, but its counter was not newer than the stored one. */
  readonly regressed: ShownPasskey | null;
}

/** Writes down a refused second step, in a transaction of its own. */
export type NoteRefusal = (tx: Tx, refusal: PasskeyRefusal) => Promise<void>;

/** The second step of the one way in: whoever has a passkey shows it after the password. */
@Injectable()
export class PasskeySignIn {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallenges,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a user without passkeys pass, whose password is right.
   * @throws SECOND_FACTOR_REQUIRED with what the browser is to ask for
   * @throws PASSKEYS_UNAVAILABLE when none of the user's can be used here: the password alone never suffices
   */
  async demand(user: UserEntity, party: RelyingParty | null): Promise<void> {
    if (user.passkeyCount === 0) return;
    if (!party) throw passkeysUnavailable();
    const usable = (await this.passkeys.allOf(user.id)).filter(({ rpId }) => rpId === party.id);
    if (usable.length === 0) throw passkeysElsewhere(party.id);
    const { challenge, options } = await signInOptions(usable, { party, timeoutSeconds: TTL_SECONDS });
    const issued = await this.challenges.issue(user, ChallengePurpose.SIGN_IN, challenge, TTL_SECONDS);
    throw secondFactorRequired({ ...issued, options });
  }

  /**
   * Who answered the challenge behind the ticket with a passkey of theirs. The ticket is used up by the try.
   * @throws UNAUTHORIZED for whatever is wrong, in the same words
   */
  async prove(
    { ticket, response }: PasskeyLoginRequest,
    party: RelyingParty | null,
    noteRefusal: NoteRefusal,
  ): Promise<ProvenUser> {
    const assertion = toAssertion(response);
    const taken = await this.challenges.consume(ticket, ChallengePurpose.SIGN_IN);
    const user = taken && (await this.users.findById(taken.userId));
    if (!user) throw refused();
    const shown = party && (await this.#read(assertion, user, { ...taken, party }));
    const isAccepted = await this.db.transaction(async (tx) => {
      if (shown && (await this.passkeys.use(shown.passkey.id, shown.counter, this.clock.now(), tx))) return true;
      await noteRefusal(tx, { user, regressed: shown });
      return false;
    });
    if (!shown || !isAccepted) throw refused();
    return { user, passkey: shown.passkey };
  }

  /** The user's passkey that gave this answer, unless they were disabled or all they had open was ended since. */
  async #read(
    assertion: AuthenticationResponseJSON,
    user: UserEntity,
    { challenge, party, userSessionEpoch }: TakenChallenge & { readonly party: RelyingParty },
  ): Promise<ShownPasskey | null> {
    if (user.status !== 'ACTIVE' || user.sessionEpoch !== userSessionEpoch) return null;
    const passkey = await this.passkeys.findByCredential(user.id, assertion.id);
    const counter = passkey && (await readAssertion(assertion, passkey, { challenge, party }));
    return passkey && counter !== null ? { passkey, counter } : null;
  }
}

const refused = () => unauthorized('The passkey was refused, or it took too long; sign in again.');
