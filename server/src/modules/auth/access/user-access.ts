import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CSRF_HEADER, type Role, roleAllows } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { DomainError, unauthorized } from '../../../common/errors.js';
import { clientInfoOf, type UserAccessRule } from '../../../http/access.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { passkeyEnrolmentRequired } from '../auth.errors.js';
import { SignInSettingsService } from '../passkeys/sign-in-settings.service.js';
import type { LiveSession } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { toUserActor } from '../sessions/signed-in.js';
import { ConfirmationService } from '../sign-in/confirmation.service.js';
import { AuthCookies } from '../sign-in/cookies.js';
import { SAFE_METHODS } from './same-origin.js';

/** Authenticates users by their session and checks their role. */
@Injectable()
export class UserAccess {
  constructor(
    private readonly cookies: AuthCookies,
    private readonly sessions: SessionsService,
    private readonly settings: SignInSettingsService,
    private readonly sampled: SampledAudit,
    private readonly confirmation: ConfirmationService,
  ) {}

  /** Leaves the user on the request. @throws UNAUTHORIZED, CSRF_INVALID, PASSKEY_ENROLMENT_REQUIRED, FORBIDDEN, CONFIRMATION_REQUIRED */
  async authorize(request: Request, response: Response, rule: UserAccessRule): Promise<true> {
    const { role, beforeEnrolment, confirmed } = rule;
    const found = await this.sessions.findFirstLive(this.cookies.readSessions(request));
    if (!found) throw unauthorized('Sign in first.');
    const { cookieValue, live } = found;
    const actor = toUserActor(live, clientInfoOf(request));
    if (!SAFE_METHODS.includes(request.method)) await this.#requireCsrf(request, live, actor);
    if (!beforeEnrolment && this.settings.isPasskeyMissing(live.user)) {
      await this.#deny(request, actor, 'passkey');
      throw passkeyEnrolmentRequired();
    }
    if (!roleAllows(actor.role, role)) await this.#forbid(request, role, actor);
    const { method } = request;
    if (confirmed) await this.confirmation.requireRecent({ actor, live }, { method, path: request.path.slice(0, 200) });
    const extended = await this.sessions.extend(live);
    if (extended) this.cookies.writeSession(request, response, cookieValue);
    Object.assign(request, { user: actor, liveSession: extended ?? live });
    return true;
  }

  async #requireCsrf(request: Request, { session }: LiveSession, actor: UserActor): Promise<void> {
    if (this.sessions.isCsrfToken(session, request.get(CSRF_HEADER) ?? '')) return;
    await this.#deny(request, actor, 'CSRF');
    throw new DomainError('CSRF_INVALID', 'Send the CSRF token of your session in the X-CSRF-Token header.');
  }

  async #forbid(request: Request, role: Role, actor: UserActor): Promise<void> {
    await this.#deny(request, actor, 'role');
    throw new DomainError('FORBIDDEN', `This needs the role ${role}; you are ${actor.role}.`);
  }

  async #deny(request: Request, actor: UserActor, reason: 'CSRF' | 'passkey' | 'role'): Promise<void> {
    await this.sampled.record({
      actor,
      action: 'access.denied',
      target: { type: 'User', id: actor.id },
      message: `${actor.username} was refused ${request.method} ${request.path.slice(0, 200)} (${reason}).`,
      metadata: { reason, method: request.method, path: request.path.slice(0, 200) },
    });
  }
}
