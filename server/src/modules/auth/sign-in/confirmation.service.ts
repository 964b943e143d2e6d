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
import { PasskeySignIn } from '../passkeys/passkey-sign-in.js';
import { CredentialsService } from '../sessions/credentials.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { SignedIn } from '../sessions/signed-in.js';

/** Lets signed-in users confirm who they are: a stolen session alone must not be enough to keep the installation. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly db: Database,
    private readonly credentials: CredentialsService,
    private readonly passkeys: PasskeySignIn,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

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
