import { Injectable } from '@nestjs/common';
import type { EndedSessions, SessionId, SessionSummary, UserId } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import { type PageResult, toPage } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import type { PageQuery } from '../../../http/validation/page-query.dto.js';
import { AuditService } from '../../audit/audit.service.js';
import { sessionNotFound, userNotFound } from '../auth.errors.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { type SessionEntity, toSessionSummary } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

const MAX_AUDITED_IDS = 20;

/** Lists a user's sessions and ends them, for the user and for owners. */
@Injectable()
export class OpenSessionsService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /** Lists the user's live sessions, most recently used first. @throws USER_NOT_FOUND */
  async list(actor: UserActor, userId: UserId, query: PageQuery): Promise<PageResult<SessionSummary>> {
    const all = await this.sessions.listLive(await this.#getUser(userId));
    const start = (query.page - 1) * query.pageSize;
    const rows = all.slice(start, start + query.pageSize);
    return toPage(query, { rows, total: all.length }, (session) => toSessionSummary(session, actor.sessionId));
  }

  /**
   * Ends one session of the user at once.
   * @throws USER_NOT_FOUND
   * @throws SESSION_NOT_FOUND when it has ended or belongs to another user
   */
  async end(actor: UserActor, userId: UserId, id: SessionId): Promise<EndedSessions> {
    return this.#end(actor, userId, (live) => {
      const session = live.find((one) => one.id === id);
      if (!session) throw sessionNotFound(id);
      return [session];
    });
  }

  /** Ends all sessions of the user at once, except the actor's own. @throws USER_NOT_FOUND */
  async endOthers(actor: UserActor, userId: UserId): Promise<EndedSessions> {
    return this.#end(actor, userId, (live) => live.filter(({ id }) => id !== actor.sessionId));
  }

  async #end(
    actor: UserActor,
    userId: UserId,
    choose: (live: readonly SessionEntity[]) => readonly SessionEntity[],
  ): Promise<EndedSessions> {
    return this.db.transaction(async (tx) => {
      const user = await this.#getUser(userId, tx);
      const chosen = choose(await this.sessions.listLive(user, tx));
      for (const { id } of chosen) await this.sessions.end(tx, id);
      if (chosen.length > 0) await this.#record(tx, actor, user, chosen);
      return { ended: chosen.length };
    });
  }

  async #record(tx: Tx, actor: UserActor, user: UserEntity, ended: readonly SessionEntity[]): Promise<void> {
    await this.audit.record(tx, {
      actor,
      action: 'session.ended',
      target: { type: 'User', id: user.id },
      message: `${actor.username} ended ${ended.length} sessions of user ${user.username}.`,
      metadata: {
        username: user.username,
        ended: ended.length,
        // Not `sessionIds`, which reads as a secret.
        endedIds: ended.slice(0, MAX_AUDITED_IDS).map(({ id }) => id),
      },
    });
  }

  async #getUser(id: UserId, tx?: Tx): Promise<UserEntity> {
    const user = await this.users.findById(id, tx);
    if (!user) throw userNotFound(id);
    return user;
  }
}
