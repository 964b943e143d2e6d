import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { UserId } from '#contracts';
import { Database } from '../../../database/database.js';
import { Search } from '../../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { SignInFailureEntity } from '../throttle/sign-in-failure.entity.js';
import { accountSubject, confirmationSubject } from '../throttle/sign-in-limits.js';
import { UserEntity } from './user.entity.js';

export interface UserFilter {
  readonly role?: readonly string[];
  readonly status?: readonly string[];
  readonly q?: string;
}

interface UserPageRequest {
  readonly sort: readonly SortTerm<'createdAt' | 'username' | 'lastLoginAt'>[];
  readonly page: number;
  readonly pageSize: number;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly db: Database) {}

  async insert(user: UserEntity, tx: Tx): Promise<void> {
    await tx.insert(UserEntity, user);
  }

  findById(id: UserId, tx?: Tx): Promise<UserEntity | null> {
    return this.db.manager(tx).findOneBy(UserEntity, { id });
  }

  findByUsername(username: string): Promise<UserEntity | null> {
    return this.db.manager().findOneBy(UserEntity, { username: username.toLowerCase() });
  }

  count(tx?: Tx): Promise<number> {
    return this.db.manager(tx).count(UserEntity);
  }

  async list(filter: UserFilter, { sort, page, pageSize }: UserPageRequest): Promise<Rows<UserEntity>> {
    const query = this.db.manager().createQueryBuilder(UserEntity, 'user');
    if (filter.role) query.andWhere('user.role IN (:...role)', { role: [...filter.role] });
    if (filter.status) query.andWhere('user.status IN (:...status)', { status: [...filter.status] });
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('user.username', 'user.display_name'), { q: search.q });
    }
    for (const { field, direction } of sort) query.addOrderBy(`user.${field}`, direction, 'NULLS LAST');
    const [rows, total] = await query
      .addOrderBy('user.id', 'ASC')
      .skip((page - 1) * pageSize)
      .take(pageSize)
      .getManyAndCount();
    return { rows, total };
  }

  /**
   * Lets one transaction at a time change who is an owner: each first locks the same row, the oldest user's. On SQLite
   * they queue anyway.
   */
  async lockOwners(tx: Tx): Promise<void> {
    const oldest = '(SELECT MIN(id) FROM users)';
    await tx.update(UserEntity, { updatedAt: () => 'updated_at' }, `id = ${oldest}`, {});
  }

  countActiveOwners(tx: Tx): Promise<number> {
    return tx.manager.countBy(UserEntity, { role: 'owner', status: 'ACTIVE' });
  }

  async change(id: UserId, changes: Partial<UserEntity>, tx: Tx): Promise<void> {
    await tx.update(UserEntity, changes, 'id = :id', { id });
  }

  /** Sets a new password hash, ends every session, and forgets the passwords that were refused. */
  async setPassword({ id, username }: UserEntity, passwordHash: string, at: Date, tx: Tx): Promise<void> {
    await tx.update(UserEntity, newPassword(passwordHash, at), 'id = :id', { id });
    await this.invalidateSessions(id, tx);
    await tx.manager.delete(SignInFailureEntity, { subject: In([accountSubject(username), confirmationSubject(id)]) });
  }

  /** Keeps another hash of the same password; false when somebody else set one meanwhile. */
  async renewHash({ id, passwordHash: current }: UserEntity, passwordHash: string, tx: Tx): Promise<boolean> {
    return (
      (await tx.update(UserEntity, { passwordHash }, 'id = :id AND password_hash = :current', { id, current })) > 0
    );
  }

  async noteSignIn(id: UserId, at: Date, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { lastLoginAt: at }, 'id = :id', { id });
  }

  /** Sets a new password hash, if it is still this one; false when somebody else set one meanwhile. */
  async replacePassword(user: UserEntity, passwordHash: string, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND password_hash = :current';
    const { id, passwordHash: current } = user;
    return (await tx.update(UserEntity, newPassword(passwordHash, at), condition, { id, current })) > 0;
  }

  /** Counts one passkey more, if the user's sessions have not ended meanwhile and `max` is not reached. */
  async countPasskeyAdded({ id, sessionEpoch }: UserEntity, max: number, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND session_epoch = :sessionEpoch AND passkey_count < :max';
    const parameters = { id, sessionEpoch, max };
    return (await tx.update(UserEntity, { passkeyCount: () => 'passkey_count + 1' }, condition, parameters)) > 0;
  }

  /** Counts one passkey less, if at least `min` remain. */
  async countPasskeyRemoved(id: UserId, min: number, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND passkey_count > :min';
    return (await tx.update(UserEntity, { passkeyCount: () => 'passkey_count - 1' }, condition, { id, min })) > 0;
  }

  /** Counts none; false when there was none. */
  async countNoPasskeys(id: UserId, tx: Tx): Promise<boolean> {
    return (await tx.update(UserEntity, { passkeyCount: 0 }, 'id = :id AND passkey_count > 0', { id })) > 0;
  }

  async invalidateSessions(id: UserId, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { sessionEpoch: () => 'session_epoch + 1' }, 'id = :id', { id });
  }
}

const newPassword = (passwordHash: string, at: Date) => ({
  passwordHash,
  isBootstrapPassword: false,
  updatedAt: at,
});
