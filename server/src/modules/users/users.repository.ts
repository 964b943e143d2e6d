import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Rows } from '../../common/http/page.js';
import type { SortTerm } from '../../common/http/sort.js';
import { Database } from '../../database/database.js';
import { containing } from '../../database/keyset.js';
import type { Tx } from '../../database/tx.js';
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
      query.andWhere(`(user.username LIKE :q ESCAPE '\\' OR LOWER(user.display_name) LIKE :q ESCAPE '\\')`, {
        q: containing(filter.q),
      });
    }
    for (const { field, direction } of sort) query.addOrderBy(`user.${field}`, direction, 'NULLS LAST');
    const [rows, total] = await query
      .addOrderBy('user.id', 'ASC')
      .skip((page - 1) * pageSize)
      .take(pageSize)
      .getManyAndCount();
    return { rows, total };
  }

  /** Keeps other transactions from changing who is an owner until this one ends. */
  async lockOwners(tx: Tx): Promise<void> {
    await tx.update(UserEntity, { updatedAt: () => 'updated_at' }, 'role = :role', { role: 'owner' });
  }

  countActiveOwners(tx: Tx): Promise<number> {
    return tx.manager.countBy(UserEntity, { role: 'owner', status: 'ACTIVE' });
  }

  async change(id: UserId, changes: Partial<UserEntity>, tx: Tx): Promise<void> {
    await tx.update(UserEntity, changes, 'id = :id', { id });
  }

  /** Sets a new password hash and ends every session. */
  async setPassword(id: UserId, passwordHash: string, at: Date, tx: Tx): Promise<void> {
    const changes = { passwordHash, updatedAt: at, sessionEpoch: () => 'session_epoch + 1' };
    await tx.update(UserEntity, changes, 'id = :id', { id });
  }

  async endSessions(id: UserId, tx: Tx): Promise<void> {
    await tx.update(UserEntity, { sessionEpoch: () => 'session_epoch + 1' }, 'id = :id', { id });
  }
}
