import { Injectable } from '@nestjs/common';
import {
  MAX_PASSKEYS_PER_USER,
  type Passkey,
  type PasskeyCeremony,
  type PasswordConfirmation,
  type RegisterPasskeyRequest,
} from '#contracts';
import { unauthorized } from '../../../common/errors/domain-error.js';
import { Ids } from '../../../common/ids/ids.js';
import { Clock } from '../../../common/time/clock.js';
import { isUniqueViolation } from '../../../database/unique-violation.js';
import { UsersRepository } from '../../users/users.repository.js';
import { FactorChanges } from '../factor-changes.js';
import type { SignedIn } from '../signed-in.js';
import { toAttestation } from './passkey-answers.js';
import { ChallengePurpose } from './passkey-challenge.entity.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import type { PasskeyEntity } from './passkey.entity.js';
import {
  passkeyAlreadyRegistered,
  passkeyLimitReached,
  passkeyRefused,
  passkeysUnavailable,
} from './passkey.errors.js';
import { toPasskey } from './passkey.mapper.js';
import { PasskeysRepository } from './passkeys.repository.js';
import type { RelyingParty } from './relying-party.js';
import { readRegistration, registrationOptions, type MadePasskey } from './webauthn.js';

/** Longer than a sign-in: a phone may have to be fetched, or a key unpacked. */
const TTL_SECONDS = 300;

/** How signed-in users get a passkey. */
@Injectable()
export class PasskeyRegistration {
  constructor(
    private readonly factors: FactorChanges,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallenges,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * What the browser is to ask an authenticator for.
   * @throws PASSKEYS_UNAVAILABLE
   * @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many
   * @throws PASSKEY_LIMIT_REACHED
   */
  async begin(signedIn: SignedIn, request: PasswordConfirmation, party: RelyingParty | null): Promise<PasskeyCeremony> {
    if (!party) throw passkeysUnavailable();
    await this.factors.confirm(signedIn, request);
    const { user } = signedIn.live;
    const own = await this.passkeys.allOf(user.id);
    if (own.length >= MAX_PASSKEYS_PER_USER) throw passkeyLimitReached();
    const { challenge, options } = await registrationOptions(user, own, { party, timeoutSeconds: TTL_SECONDS });
    const issued = await this.challenges.issue(user, ChallengePurpose.REGISTRATION, challenge, TTL_SECONDS);
    return { ...issued, options };
  }

  /**
   * Keeps the public half of the passkey an authenticator made, and ends the user's other sessions.
   * @throws PASSKEY_REFUSED
   * @throws PASSKEY_ALREADY_REGISTERED
   * @throws PASSKEY_LIMIT_REACHED
   */
  async register(signedIn: SignedIn, request: RegisterPasskeyRequest, party: RelyingParty | null): Promise<Passkey> {
    const made = await this.#read(signedIn, request, party);
    const { user } = signedIn.live;
    const passkey: PasskeyEntity = {
      ...made,
      id: this.ids.make('pky'),
      userId: user.id,
      name: request.name,
      createdAt: this.clock.now(),
      lastUsedAt: null,
    };
    try {
      await this.#keep(signedIn, passkey);
    } catch (error) {
      if (isUniqueViolation(error)) throw passkeyAlreadyRegistered();
      throw error;
    }
    return toPasskey(passkey);
  }

  async #read(
    { live: { user } }: SignedIn,
    { ticket, response }: RegisterPasskeyRequest,
    party: RelyingParty | null,
  ): Promise<MadePasskey> {
    const attestation = toAttestation(response);
    const taken = await this.challenges.take(ticket, ChallengePurpose.REGISTRATION);
    const isOwn = taken?.userId === user.id && taken.userSessionEpoch === user.sessionEpoch;
    const made = isOwn && party ? await readRegistration(attestation, { challenge: taken.challenge, party }) : null;
    if (!made) throw passkeyRefused();
    return made;
  }

  async #keep(signedIn: SignedIn, passkey: PasskeyEntity): Promise<void> {
    const { actor, live } = signedIn;
    await this.factors.change(signedIn, async (tx) => {
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
}
