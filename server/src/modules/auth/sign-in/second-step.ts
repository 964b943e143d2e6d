import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { PasskeyLoginRequest } from '#contracts';
import type { UserEntity } from '../../users/user.entity.js';
import { PasskeySignIn, type ProvenUser } from '../passkeys/passkey-sign-in.js';
import { RelyingParties } from '../passkeys/relying-party.js';
import { SignInAudit } from './sign-in-audit.js';
import { SignInSources } from './sign-in-source.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** Between the password and the session: the passkey of whoever has one. */
@Injectable()
export class SecondStep {
  constructor(
    private readonly passkeys: PasskeySignIn,
    private readonly parties: RelyingParties,
    private readonly throttle: SignInThrottle,
    private readonly audit: SignInAudit,
    private readonly sources: SignInSources,
  ) {}

  /** Lets a user without passkeys pass. @throws SECOND_FACTOR_REQUIRED, PASSKEYS_UNAVAILABLE */
  demand(request: Request, user: UserEntity): Promise<void> {
    return this.passkeys.demand(user, this.parties.find(request));
  }

  /** Who has shown the password and now the passkey; a refusal counts like a wrong password. @throws UNAUTHORIZED */
  prove(request: Request, body: PasskeyLoginRequest): Promise<ProvenUser> {
    const source = this.sources.of(request);
    return this.passkeys.prove(body, this.parties.find(request), async (tx, refusal) => {
      const { user } = refusal;
      await this.throttle.countFailure(tx, this.throttle.limitsOf(user.username, user, source));
      await this.audit.passkeyRefused(tx, refusal, source);
    });
  }
}
