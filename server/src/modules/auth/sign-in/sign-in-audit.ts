import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import type { LiveSession } from '../sessions.repository.js';
import { toUserActor } from '../signed-in.js';
import type { SignInSource } from './sign-in-source.js';

const MAX_AUDITED_NAME_LENGTH = 80;

const audited = (username: string): string => username.slice(0, MAX_AUDITED_NAME_LENGTH);

/** What the audit says of sign-ins. */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
  ) {}

  succeeded(tx: Tx, live: LiveSession, { origin }: SignInSource): Promise<void> {
    return this.audit.record(tx, {
      actor: toUserActor(live, origin),
      action: 'session.login.succeeded',
      target: { type: 'User', id: live.user.id },
      message: `${live.user.username} signed in.`,
    });
  }

  refused(
    tx: Tx,
    { username, userId }: { readonly username: string; readonly userId: UserId | null },
    { origin }: SignInSource,
  ): Promise<void> {
    return this.audit.record(tx, {
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: userId },
      result: 'FAILURE',
      message: 'A sign-in was refused.',
      metadata: { username: audited(username) },
    });
  }

  /** Of tries that came too soon after others; sampled, because there can be any number of them. */
  refusedUnheard(username: string, { origin }: SignInSource): Promise<void> {
    return this.sampled.record({
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: null },
      message: 'A sign-in was refused unheard, after too many that failed.',
      metadata: { username: audited(username), reason: 'rate' },
    });
  }
}
