import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { SessionsService } from './sessions.service.js';
import type { SignedIn } from './signed-in.js';

/** What signed-in users do with the session they are in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /** Ends this session. */
  async signOut({ actor }: SignedIn): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.sessions.end(tx, actor.sessionId);
      await this.audit.record(tx, {
        actor,
        action: 'session.logout',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} signed out.`,
      });
    });
  }

  /** A new CSRF token; the earlier one is refused from now on. */
  async refreshCsrf({ actor, live }: SignedIn): Promise<string> {
    return this.db.transaction(async (tx) => {
      const token = await this.sessions.rotateCsrf(tx, live.session);
      await this.audit.record(tx, {
        actor,
        action: 'session.csrf.refreshed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} asked for a new CSRF token.`,
      });
      return token;
    });
  }
}
