import { Injectable } from '@nestjs/common';
import type { SessionId } from '#contracts';
import { memoize } from '../../../common/memory/cache.js';
import { Database } from '../../../database/database.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { Tx } from '../../../database/tx.js';
import { UserEntity } from '../users/user.entity.js';
import { SessionEntity } from './session.entity.js';

export interface LiveSession {
  readonly session: SessionEntity;
  readonly user: UserEntity;
}

/** Which sessions live: those that expire later, and that began later than the absolute limit allows. */
export interface Lifetime {
  readonly now: Date;
  readonly bornAfter: Date;
}

const millisecondsOf = ({ now, bornAfter }: Lifetime) => ({ now: now.getTime(), bornAfter: bornAfter.getTime() });

type Row = Readonly<Record<string, unknown>>;

@Injectable()
export class SessionsRepository {
  readonly #session: EntityColumns<SessionEntity>;
  readonly #user: EntityColumns<UserEntity>;

  readonly #select = memoize(
    (condition: string) =>
      `SELECT ${this.#session.select} FROM sessions session
        WHERE ${condition} AND session.expires_at > :now AND session.created_at > :bornAfter`,
  );
  readonly #selectUser: string;

  constructor(private readonly db: Database) {
    this.#session = db.columns(SessionEntity, 'session');
    this.#user = db.columns(UserEntity, 'owner');
    this.#selectUser = `SELECT ${this.#user.select} FROM users owner
      WHERE owner.id = :id AND owner.status = 'ACTIVE' AND owner.session_epoch = :epoch`;
  }

  async insert(session: SessionEntity, tx: Tx): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** The session with its user, if it has not expired or been ended and the user is active. */
  findLive(idHash: string, lifetime: Lifetime): Promise<LiveSession | null> {
    return this.#findLive('session.id_hash = :idHash', { idHash }, lifetime);
  }

  /** {@link findLive} by the session's own id. */
  findLiveById(id: SessionId, lifetime: Lifetime): Promise<LiveSession | null> {
    return this.#findLive('session.id = :id', { id }, lifetime);
  }

  /** The user's live sessions, the one last used first. */
  listLive({ id: userId, sessionEpoch }: UserEntity, lifetime: Lifetime, tx?: Tx): Promise<SessionEntity[]> {
    return this.db
      .manager(tx)
      .createQueryBuilder(SessionEntity, 'session')
      .where('session.user_id = :userId AND session.user_session_epoch = :sessionEpoch', { userId, sessionEpoch })
      .andWhere('session.expires_at > :now AND session.created_at > :bornAfter', millisecondsOf(lifetime))
      .orderBy('session.lastSeenAt', 'DESC')
      .addOrderBy('session.id', 'DESC')
      .getMany();
  }

  async extend(id: SessionId, lastSeenAt: Date, expiresAt: Date, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { lastSeenAt, expiresAt }, 'id = :id', { id });
  }

  async setCsrfSalt(id: SessionId, csrfSalt: string, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { csrfSalt }, 'id = :id', { id });
  }

  /** Gives the session its user's present number, so that it survives the end of all others. */
  async adoptEpoch(id: SessionId, epoch: number, tx: Tx): Promise<void> {
    await tx.update(SessionEntity, { userSessionEpoch: epoch }, 'id = :id', { id });
  }

  async delete(id: SessionId, tx: Tx): Promise<void> {
    await tx.manager.delete(SessionEntity, { id });
  }

  countLive(lifetime: Lifetime): Promise<number> {
    return this.db
      .manager()
      .createQueryBuilder(SessionEntity, 'session')
      .innerJoin(UserEntity, 'user', 'user.id = session.user_id AND user.session_epoch = session.user_session_epoch')
      .where('session.expires_at > :now AND session.created_at > :bornAfter', millisecondsOf(lifetime))
      .getCount();
  }

  /** Deletes at most `limit` sessions that have expired or were ended; returns how many. */
  async deleteEnded(lifetime: Lifetime, limit: number, tx: Tx): Promise<number> {
    const ended = await tx.manager
      .createQueryBuilder(SessionEntity, 'session')
      .innerJoin(UserEntity, 'user', 'user.id = session.user_id')
      .select('session.id', 'id')
      .where(
        `session.expires_at <= :now OR session.created_at <= :bornAfter
          OR user.session_epoch <> session.user_session_epoch`,
        millisecondsOf(lifetime),
      )
      .limit(limit)
      .getRawMany<{ id: SessionId }>();
    if (ended.length > 0)
      await tx.manager.delete(
        SessionEntity,
        ended.map(({ id }) => id),
      );
    return ended.length;
  }

  /** Asked with every request of a user, and therefore written by hand. */
  async #findLive(condition: string, parameters: object, lifetime: Lifetime): Promise<LiveSession | null> {
    const values = { ...parameters, ...millisecondsOf(lifetime) };
    const [row] = await this.db.query<Row>(this.#select(condition), values);
    if (!row) return null;
    const session = this.#session.hydrate(row);
    const { userId: id, userSessionEpoch: epoch } = session;
    const [owner] = await this.db.query<Row>(this.#selectUser, { id, epoch });
    return owner ? { session, user: this.#user.hydrate(owner) } : null;
  }
}
