import { Injectable } from '@nestjs/common';
import type { AgentId, RegistrationTokenId, TokenStatus } from '#contracts';
import { Database } from '../../../database/database.js';
import { ListReader, type ListRequest, Search } from '../../../database/lists/list-reader.js';
import type { Rows } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';

export interface RegistrationTokenFilter {
  readonly status?: readonly TokenStatus[];
  readonly q?: string;
}

interface TokenPageRequest extends ListRequest<'createdAt' | 'expiresAt' | 'name'> {
  readonly now: Date;
}

/** The same rule as `effectiveStatus`, at `:now`. */
const STATUS_SQL = `CASE WHEN token.status = 'ACTIVE' AND token.expires_at <= :now THEN 'EXPIRED' ELSE token.status END`;

/** Rows of `registration_tokens`. */
@Injectable()
export class RegistrationTokensRepository {
  readonly #list: ListReader<RegistrationTokenEntity>;

  constructor(private readonly db: Database) {
    this.#list = new ListReader(db, RegistrationTokenEntity, { tieBreak: 'DESC' });
  }

  async insert(token: RegistrationTokenEntity, tx: Tx): Promise<void> {
    await tx.insert(RegistrationTokenEntity, token);
  }

  findById(id: RegistrationTokenId, tx: Tx): Promise<RegistrationTokenEntity | null> {
    return this.db.findOne(RegistrationTokenEntity, 'id = :id', { id }, tx);
  }

  findByHash(tokenHash: string, tx?: Tx): Promise<RegistrationTokenEntity | null> {
    return this.db.findOne(RegistrationTokenEntity, 'token_hash = :tokenHash', { tokenHash }, tx);
  }

  list(filter: RegistrationTokenFilter, request: TokenPageRequest): Promise<Rows<RegistrationTokenEntity>> {
    const query = this.db.select(RegistrationTokenEntity, 'token');
    if (filter.status) {
      const parameters = { now: request.now.getTime(), status: [...filter.status] };
      query.andWhere(`${STATUS_SQL} IN (:...status)`, parameters);
    }
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('token.name', 'token.agent_code'), { q: search.q });
    }
    return this.#list.page(query, request);
  }

  /** How many tokens have each status at `now`. */
  async countByStatus(now: Date): Promise<{ status: TokenStatus; count: number }[]> {
    const text = `SELECT ${STATUS_SQL} AS status, COUNT(*) AS count FROM registration_tokens token GROUP BY 1`;
    const rows = await this.db.query<{ status: TokenStatus; count: string | number }>(text, { now: now.getTime() });
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /** Marks an active token as used. Of concurrent calls, only one gets true. */
  async consume(tokenHash: string, now: Date, tx: Tx): Promise<boolean> {
    const condition = `token_hash = :tokenHash AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > :now)`;
    const parameters = { tokenHash, now: now.getTime() };
    return (await tx.update(RegistrationTokenEntity, { status: 'USED', usedAt: now }, condition, parameters)) > 0;
  }

  async setUsedBy(id: RegistrationTokenId, agentId: AgentId, tx: Tx): Promise<void> {
    await tx.update(RegistrationTokenEntity, { usedByAgentId: agentId }, 'id = :id', { id });
  }

  /** Revokes an active token. Of concurrent calls, only one gets true. */
  async revoke(id: RegistrationTokenId, now: Date, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > :now)`;
    const changes = { status: 'REVOKED', revokedAt: now } as const;
    return (await tx.update(RegistrationTokenEntity, changes, condition, { id, now: now.getTime() })) > 0;
  }

  /** Of concurrent calls, only one gets true. */
  async delete(id: RegistrationTokenId, tx: Tx): Promise<boolean> {
    return (await tx.delete(RegistrationTokenEntity, 'id = :id', { id })) > 0;
  }

  /** At most `limit` expired tokens that are still stored as ACTIVE. */
  listExpired(now: Date, limit: number, tx: Tx): Promise<RegistrationTokenEntity[]> {
    const condition = `status = 'ACTIVE' AND expires_at <= :now ORDER BY expires_at LIMIT :limit`;
    return this.db.find(RegistrationTokenEntity, condition, { now: now.getTime(), limit }, tx);
  }

  /** Moves the expiry of tokens that a clock ahead of its time created to the same span from `now`. */
  async bringBackExpiry(now: Date, tx: Tx): Promise<void> {
    const changes = { expiresAt: () => ':now + (expires_at - created_at)' };
    const condition = `status = 'ACTIVE' AND created_at > :now AND expires_at >= created_at`;
    await tx.update(RegistrationTokenEntity, changes, condition, { now: now.getTime() });
  }

  /** Of concurrent calls, only one gets true. */
  async markExpired(id: RegistrationTokenId, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ACTIVE'`;
    return (await tx.update(RegistrationTokenEntity, { status: 'EXPIRED' }, condition, { id })) > 0;
  }
}
