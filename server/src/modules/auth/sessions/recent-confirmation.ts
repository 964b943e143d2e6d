import { Injectable } from '@nestjs/common';
import { CONFIRMATION_SECONDS } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import type { SignedIn } from './signed-in.js';

/** The request that needs the confirmation, for the audit. */
interface AskedFor {
  readonly method: string;
  readonly path: string;
}

/** Servers that share a database may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Whether a user proved only minutes ago who they are, by a sign-in or by password or passkey in their open session. What
 * would let a stolen session keep the installation requires it.
 */
@Injectable()
export class RecentConfirmation {
  constructor(
    private readonly sampled: SampledAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws CONFIRMATION_REQUIRED */
  async require({ actor, live: { session } }: SignedIn, { method, path }: AskedFor): Promise<void> {
    const age = (this.clock.now().getTime() - session.confirmedAt.getTime()) / 1_000;
    if (age >= -CLOCK_TOLERANCE_SECONDS && age < CONFIRMATION_SECONDS) return;
    await this.sampled.record({
      actor,
      action: 'access.denied',
      target: { type: 'User', id: actor.id },
      message: `${actor.username} was asked to confirm who they are before ${method} ${path}.`,
      metadata: { reason: 'confirmation', method, path },
    });
    throw new DomainError(
      'CONFIRMATION_REQUIRED',
      'Confirm who you are with POST /api/admin/auth/confirm, then repeat the request.',
    );
  }
}
