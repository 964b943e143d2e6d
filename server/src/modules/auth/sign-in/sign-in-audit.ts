import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import type { PasskeyRefusal } from '../passkeys/passkey-sign-in.js';
import type { PasskeyEntity } from '../passkeys/passkey.entity.js';
import type { LiveSession } from '../sessions/sessions.repository.js';
import { toUserActor } from '../sessions/signed-in.js';
import type { SignInClient } from './cookies.js';

const MAX_AUDITED_NAME_LENGTH = 80;

interface Opened {
  readonly live: LiveSession;
  readonly passkey: PasskeyEntity | null;
}

const audited = (username: string): string => username.slice(0, MAX_AUDITED_NAME_LENGTH);

/** What the audit says of sign-ins. */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
  ) {}

  succeeded(tx: Tx, { live, passkey }: Opened, { origin }: SignInClient): Promise<void> {
    return this.audit.record(tx, {
      actor: toUserActor(live, origin),
      action: 'session.login.succeeded',
      target: { type: 'User', id: live.user.id },
      message: `${live.user.username} signed in${passkey ? ' with a passkey' : ''}.`,
      metadata: passkey ? { passkeyId: passkey.id } : {},
    });
  }

  refused(
    tx: Tx,
    { username, userId }: { readonly username: string; readonly userId: UserId | null },
    { origin }: SignInClient,
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

  /** Of a second step. A counter that did not rise is told apart: somebody may have a copy of the passkey. */
  async passkeyRefused(tx: Tx, { user, regressed }: PasskeyRefusal, { origin }: SignInClient): Promise<void> {
    const common = {
      actor: { kind: 'unknown-user', origin },
      target: { type: 'User', id: user.id },
      result: 'FAILURE',
    } as const;
    await this.audit.record(tx, {
      ...common,
      action: 'session.login.failed',
      message: 'A sign-in was refused at its second step.',
      metadata: { username: user.username, step: 'passkey' },
    });
    if (!regressed) return;
    const { passkey, counter } = regressed;
    await this.audit.record(tx, {
      ...common,
      action: 'passkey.counter.regressed',
      message: `The passkey ${passkey.name} of ${user.username} did not count on: somebody may have a copy of it.`,
      metadata: { username: user.username, passkeyId: passkey.id, stored: passkey.counter, shown: counter },
    });
  }

  /** Of tries that came too soon after others; sampled, because there can be any number of them. */
  throttled(username: string, { origin }: SignInClient): Promise<void> {
    return this.sampled.record({
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: null },
      message: 'A sign-in was refused unheard, after too many that failed.',
      metadata: { username: audited(username), reason: 'rate' },
    });
  }
}
