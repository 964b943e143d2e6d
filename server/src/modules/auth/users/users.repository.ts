import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Database } from '../../../database/database.js';
import { ListReader, type ListRequest, Search } from '../../../database/lists/list-reader.js';
import type { Rows } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { UserEntity } from './user.entity.js';

interface UserFilter {
  readonly role?: readonly string[];
  readonly status?: readonly string[];
  readonly q?: string;
}

type UserSortField = 'createdAt' | 'username' | 'lastLoginAt';

@Injectable()
export class UsersRepository {
  readonly #lists: ListReader<UserEntity>;

  constructor(private readonly db: Database) {
    this.#lists = new ListReader(db, UserEntity);
  }

  async insert(user: UserEntity, tx: Tx): Promise<void> {
    await tx.insert(UserEntity, user);
  }

  findById(id: UserId, tx?: Tx): Promise<UserEntity | null> {
    return this.db.findOne(UserEntity, 'id = :id', { id }, tx);
  }

  /** The user with this name, in any case. */
  findByUsername(username: string): Promise<UserEntity | null> {
    return this.db.findOne(UserEntity, 'username = :username', { username: username.toLowerCase() });
  }

  count(tx?: Tx): Promise<number> {
    return this.db.count(UserEntity, 'TRUE', {}, tx);
  }

  list({ role, status, q }: UserFilter, request: ListRequest<UserSortField>): Promise<Rows<UserEntity>> {
    const query = this.db.select(UserEntity, 'account');
    if (role) query.andWhere('account.role IN (:...role)', { role: [...role] });
    if (status) query.andWhere('account.status IN (:...status)', { status: [...status] });
    if (q) {
      const search = new Search(this.db.kind, q);
      query.andWhere(search.in('account.username', 'account.display_name'), { q: search.q });
    }
    return this.#lists.page(query, request);
  }

  /**
   * Serializes the transactions that may change the set of owners, by locking the row of the oldest user. SQLite has only one
   * writer anyway.
   */
  async lockOwners(tx: Tx): Promise<void> {
    const oldest = '(SELECT MIN(id) FROM users)';
    await tx.update(UserEntity, { updatedAt: () => 'updated_at' }, `id = ${oldest}`, {});
  }

  countActiveOwners(tx: Tx): Promise<number> {
    return this.db.count(UserEntity, `role = 'owner' AND status = 'ACTIVE'`, {}, tx);
  }

  async change(id: UserId, changes: Partial<UserEntity>, tx: Tx): Promise<void> {
    await tx.update(UserEntity, changes, 'id = :id', { id });
  }

  /** Sets a new password hash and ends every session; failed sign-ins are counted from zero again. */
  async setPassword(id: UserId, passwordHash: string, at: Date, tx: Tx): Promise<void> {
    await tx.update(UserEntity, newPassword(passwordHash, at), 'id = :id', { id });
    await this.invalidateSessions(id, tx);
  }

  /** Stores a new hash of the same password; false when the stored hash has changed meanwhile. */
  async renewHash({ id, passwordHash: current }: UserEntity, passwordHash: string, tx: Tx): Promise<boolean> {
    return (
      (await tx.update(UserEntity, { passwordHash }, 'id = :id AND password_hash = :current', { id, current })) > 0
    );
  }

  async recordSignIn(id: UserId, at: Date, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { lastLoginAt: at }, 'id = :id', { id });
  }

  /** Sets a new password hash; false when the stored hash has changed meanwhile. */
  async replacePassword(user: UserEntity, passwordHash: string, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND password_hash = :current';
    const { id, passwordHash: current } = user;
    return (await tx.update(UserEntity, newPassword(passwordHash, at), condition, { id, current })) > 0;
  }

  /** Adds one to the passkey count; false when the user's sessions have ended since or `max` is reached. */
  async countPasskeyAdded({ id, sessionEpoch }: UserEntity, max: number, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND session_epoch = :sessionEpoch AND passkey_count < :max';
    const parameters = { id, sessionEpoch, max };
    return (await tx.update(UserEntity, { passkeyCount: () => 'passkey_count + 1' }, condition, parameters)) > 0;
  }

  /** Takes one off the passkey count; false when fewer than `min` would remain. */
  async countPasskeyRemoved(id: UserId, min: number, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND passkey_count > :min';
    return (await tx.update(UserEntity, { passkeyCount: () => 'passkey_count - 1' }, condition, { id, min })) > 0;
  }

  /** Sets the passkey count to 0; false when it already is. */
  async clearPasskeyCount(id: UserId, tx: Tx): Promise<boolean> {
    return (await tx.update(UserEntity, { passkeyCount: 0 }, 'id = :id AND passkey_count > 0', { id })) > 0;
  }

  /** Ends every session of the user. */
  async invalidateSessions(id: UserId, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { sessionEpoch: () => 'session_epoch + 1' }, 'id = :id', { id });
  }
}

const newPassword = (passwordHash: string, at: Date) => ({
  passwordHash,
  isBootstrapPassword: false,
  updatedAt: at,
});
