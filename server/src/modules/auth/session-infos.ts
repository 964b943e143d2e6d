import { Injectable } from '@nestjs/common';
import type { SessionInfo } from '#contracts';
import { toSessionInfo } from './auth.mapper.js';
import { PasskeyPolicy } from './passkeys/passkey-policy.js';
import type { LiveSession } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

/** Tells users of their own session. */
@Injectable()
export class SessionInfos {
  constructor(
    private readonly sessions: SessionsService,
    private readonly policy: PasskeyPolicy,
  ) {}

  describe({ session, user }: LiveSession): SessionInfo {
    return toSessionInfo(user, session, {
      csrfToken: this.sessions.csrfToken(session),
      isPasskeyMissing: this.policy.isMissingFor(user),
    });
  }
}
