import { Injectable } from '@nestjs/common';
import type { SessionId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { UserEntity } from '../users/user.entity.js';
import { type LiveSession, SessionEntity } from './session.entity.js';

/** The bounds of a live session: it expires after `now` and was opened after `bornAfter`, the absolute limit. */
export interface Lifetime {
  readonly now: Date;
  readonly bornAfter: Date;
}

const IS_LIVE = 'expires_at > :now AND created_at > :bornAfter';

const millisecondsOf = ({ now, bornAfter }: Lifetime) => ({ now: now.getTime(), bornAfter: bornAfter.getTime() });

@Injectable()
export class SessionsRepository {
  constructor(private readonly db: Database) {}

  async insert(session: SessionEntity, tx: Tx): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** The session with its user, unless it has expired or ended or the user is disabled. */
  findLive(idHash: string, lifetime: Lifetime): Promise<LiveSession | null> {
    return this.#findLive('id_hash = :idHash', { idHash }, lifetime);
  }

  /** {@link findLive} by the session's own id. */
  findLiveById(id: SessionId, lifetime: Lifetime): Promise<LiveSession | null> {
    return this.#findLive('id = :id', { id }, lifetime);
  }

  /** The user's live sessions, most recently used first. */
  listLive({ id: userId, sessionEpoch }: UserEntity, lifetime: Lifetime, tx?: Tx): Promise<SessionEntity[]> {
    return this.db.find(
      SessionEntity,
      `user_id = :userId AND user_session_epoch = :sessionEpoch AND ${IS_LIVE} ORDER BY last_seen_at DESC, id DESC`,
      { userId, sessionEpoch, ...millisecondsOf(lifetime) },
      tx,
    );
  }

  async extend(id: SessionId, lastSeenAt: Date, expiresAt: Date, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { lastSeenAt, expiresAt }, 'id = :id', { id });
  }

  async setCsrfSalt(id: SessionId, csrfSalt: string, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { csrfSalt }, 'id = :id', { id });
  }

  async setConfirmedAt(id: SessionId, confirmedAt: Date, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { confirmedAt }, 'id = :id', { id });
  }

  /** Gives the session this epoch of its user, so that it outlives the sessions of the earlier one. */
  async adoptEpoch(id: SessionId, epoch: number, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { userSessionEpoch: epoch }, 'id = :id', { id });
  }

  async delete(id: SessionId, tx: Tx): Promise<void> {
    await tx.delete(SessionEntity, 'id = :id', { id });
  }

  /** How many sessions are live. */
  countLive(lifetime: Lifetime): Promise<number> {
    const isCurrent = 'user_session_epoch = (SELECT session_epoch FROM users WHERE users.id = sessions.user_id)';
    return this.db.count(SessionEntity, `${IS_LIVE} AND ${isCurrent}`, millisecondsOf(lifetime));
  }

  /** Deletes at most `limit` sessions that have expired or ended; returns how many. */
  deleteEnded(lifetime: Lifetime, limit: number, tx: Tx): Promise<number> {
    const ended = `SELECT session.id FROM sessions session JOIN users owner ON owner.id = session.user_id
      WHERE session.expires_at <= :now OR session.created_at <= :bornAfter
        OR owner.session_epoch <> session.user_session_epoch
      LIMIT :limit`;
    return tx.delete(SessionEntity, `id IN (${ended})`, { ...millisecondsOf(lifetime), limit });
  }

  /** Runs for every request of a user; both rows are read by key. */
  async #findLive(condition: string, parameters: object, lifetime: Lifetime): Promise<LiveSession | null> {
    const values = { ...parameters, ...millisecondsOf(lifetime) };
    const session = await this.db.findOne(SessionEntity, `${condition} AND ${IS_LIVE}`, values);
    if (!session) return null;
    const { userId: id, userSessionEpoch: epoch } = session;
    const isActive = `id = :id AND status = 'ACTIVE' AND session_epoch = :epoch`;
    const user = await this.db.findOne(UserEntity, isActive, { id, epoch });
    return user && { session, user };
  }
}
