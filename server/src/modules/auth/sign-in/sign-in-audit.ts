import { Injectable } from '@nestjs/common';
import type { UserActor } from '../../../common/actor.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import type { PasskeyRefusal } from '../passkeys/passkey-sign-in.js';
import type { PasskeyEntity } from '../passkeys/passkey.entity.js';
import type { LiveSession, SessionEntity } from '../sessions/session.entity.js';
import { toUserActor } from '../sessions/signed-in.js';
import type { SignInClient } from '../throttle/sign-in-limits.js';
import type { RefusalReason } from '../throttle/sign-in-throttle.js';
import type { UserEntity } from '../users/user.entity.js';

const MAX_AUDITED_SESSIONS = 20;

interface Opened {
  readonly live: LiveSession;
  readonly passkey: PasskeyEntity | null;
}

/** Only the name of a user: people type their password into the wrong field. */
const nameOf = (user: UserEntity | null) => (user ? { username: user.username } : {});

const REFUSED: Readonly<Record<RefusalReason, string>> = {
  rate: 'A sign-in was refused without checking the password, after too many failed ones.',
  busy: 'A sign-in was refused without checking the password, because too many were waiting.',
};

/** Writes the audit events of signing in and out. */
@Injectable()
export class SignInAudit {
  constructor(
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
  ) {}

  /** A session was opened. */
  succeeded(tx: Tx, { live, passkey }: Opened, { origin }: SignInClient): Promise<void> {
    return this.audit.record(tx, {
      actor: toUserActor(live, origin),
      action: 'session.login.succeeded',
      target: { type: 'User', id: live.user.id },
      message: `${live.user.username} signed in${passkey ? ' with a passkey' : ''}.`,
      metadata: passkey ? { passkeyId: passkey.id } : {},
    });
  }

  /** The user had too many sessions, and the new one ended the least recently used. */
  replaced(tx: Tx, live: LiveSession, ended: readonly SessionEntity[], { origin }: SignInClient): Promise<void> {
    return this.audit.record(tx, {
      actor: toUserActor(live, origin),
      action: 'session.ended',
      target: { type: 'User', id: live.user.id },
      message: `A sign-in of ${live.user.username} ended ${ended.length} of their sessions, because they had too many.`,
      metadata: {
        username: live.user.username,
        ended: ended.length,
        // Not `sessionIds`, which reads as a secret.
        endedIds: ended.slice(0, MAX_AUDITED_SESSIONS).map(({ id }) => id),
        reason: 'many',
      },
    });
  }

  /** A name with its password was refused. */
  failed(tx: Tx, user: UserEntity | null, { origin }: SignInClient): Promise<void> {
    return this.audit.record(tx, {
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: user?.id ?? null },
      result: 'FAILURE',
      message: 'A sign-in failed.',
      metadata: nameOf(user),
    });
  }

  /** A second step was refused. A counter that did not rise has its own event: the passkey may have been copied. */
  async passkeyRefused(tx: Tx, { user, regressed }: PasskeyRefusal, { origin }: SignInClient): Promise<void> {
    const common = {
      actor: { kind: 'unknown-user', origin },
      target: { type: 'User', id: user.id },
      result: 'FAILURE',
    } as const;
    await this.audit.record(tx, {
      ...common,
      action: 'session.login.failed',
      message: 'A sign-in failed at its second step.',
      metadata: { username: user.username, step: 'passkey' },
    });
    if (!regressed) return;
    const { passkey, counter } = regressed;
    await this.audit.record(tx, {
      ...common,
      action: 'passkey.counter.regressed',
      message: `The passkey ${passkey.name} of ${user.username} showed a counter that did not rise; it may have been copied.`,
      metadata: { username: user.username, passkeyId: passkey.id, stored: passkey.counter, shown: counter },
    });
  }

  /** An attempt was refused without checking the password; sampled, because there can be any number of them. */
  refused(
    { user, reason }: { readonly user: UserEntity | null; readonly reason: RefusalReason },
    { origin }: SignInClient,
  ): Promise<void> {
    return this.sampled.record({
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: user?.id ?? null },
      message: REFUSED[reason],
      metadata: { ...nameOf(user), reason },
    });
  }

  /** A sign-in came over plain HTTP although its cookie needs HTTPS; sampled. */
  refusedInPlain({ origin }: SignInClient): Promise<void> {
    return this.sampled.record({
      actor: { kind: 'unknown-user', origin },
      action: 'session.login.failed',
      target: { type: 'User', id: null },
      result: 'FAILURE',
      message: 'A sign-in over plain HTTP was refused; its session cookie needs HTTPS.',
      metadata: { reason: 'plain-http' },
    });
  }

  /** A user ended their session. */
  signedOut(tx: Tx, actor: UserActor): Promise<void> {
    return this.audit.record(tx, {
      actor,
      action: 'session.logout',
      target: { type: 'User', id: actor.id },
      message: `${actor.username} signed out.`,
    });
  }
}
