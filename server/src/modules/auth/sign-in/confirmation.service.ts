import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import {
  type Confirmation,
  CONFIRMATION_SECONDS,
  type PasskeyCeremony,
  type PasskeyLoginRequest,
  type PasswordConfirmation,
} from '#contracts';
import { Clock, secondsAfter, toInstant } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { confirmationRequired } from '../auth.errors.js';
import { PasskeySignIn } from '../passkeys/passkey-sign-in.js';
import { CredentialsService } from '../sessions/credentials.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { SignedIn } from '../sessions/signed-in.js';

/** The request that needs the confirmation, for the audit. */
interface AskedFor {
  readonly method: string;
  readonly path: string;
}

/** Servers that share a database may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Lets signed-in users confirm who they are, by password or passkey in their open session. What would let a stolen session
 * keep the installation requires a sign-in or a confirmation of the last minutes.
 */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly db: Database,
    private readonly credentials: CredentialsService,
    private readonly passkeys: PasskeySignIn,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
    private readonly clock: Clock,
  ) {}

  /** Refuses a request whose user last proved too long ago who they are. @throws CONFIRMATION_REQUIRED */
  async requireRecent({ actor, live: { session } }: SignedIn, { method, path }: AskedFor): Promise<void> {
    const age = (this.clock.now().getTime() - session.confirmedAt.getTime()) / 1_000;
    if (age >= -CLOCK_TOLERANCE_SECONDS && age < CONFIRMATION_SECONDS) return;
    await this.sampled.record({
      actor,
      action: 'access.denied',
      target: { type: 'User', id: actor.id },
      message: `${actor.username} was asked to confirm who they are before ${method} ${path}.`,
      metadata: { reason: 'confirmation', method, path },
    });
    throw confirmationRequired();
  }

  /** @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many */
  async withPassword(signedIn: SignedIn, request: PasswordConfirmation): Promise<Confirmation> {
    await this.credentials.confirmPassword(signedIn, request);
    return this.#confirm(signedIn, 'password');
  }

  /** @throws PASSKEYS_UNAVAILABLE when the user has none that works here */
  beginWithPasskey({ live }: SignedIn, request: Request): Promise<PasskeyCeremony> {
    return this.passkeys.beginConfirmation(live.user, request);
  }

  /** @throws PASSKEY_REFUSED for every reason alike; the session stays open */
  async withPasskey(signedIn: SignedIn, body: PasskeyLoginRequest, request: Request): Promise<Confirmation> {
    await this.passkeys.confirm(signedIn.live.user, body, request, (tx) =>
      this.audit.record(tx, {
        actor: signedIn.actor,
        action: 'user.password.rejected',
        target: { type: 'User', id: signedIn.actor.id },
        result: 'FAILURE',
        message: `${signedIn.actor.username} showed a passkey that was refused when asked to confirm who they are.`,
        metadata: { reason: 'passkey' },
      }),
    );
    return this.#confirm(signedIn, 'passkey');
  }

  async #confirm({ actor, live }: SignedIn, by: 'password' | 'passkey'): Promise<Confirmation> {
    const now = this.clock.now();
    await this.db.transaction(async (tx) => {
      await this.sessions.confirm(tx, live, now);
      await this.audit.record(tx, {
        actor,
        action: 'session.confirmed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} confirmed who they are.`,
        metadata: { by },
      });
    });
    return { confirmedUntil: toInstant(secondsAfter(now, CONFIRMATION_SECONDS)) };
  }
}
