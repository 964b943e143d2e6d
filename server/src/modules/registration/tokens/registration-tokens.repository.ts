import { Injectable } from '@nestjs/common';
import type { AgentId, RegistrationTokenId, TokenStatus } from '#contracts';
import { Database } from '../../../database/database.js';
import { Search } from '../../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../../database/lists/page.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { Tx } from '../../../database/tx.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';

export interface RegistrationTokenFilter {
  readonly status?: readonly TokenStatus[];
  readonly q?: string;
}

interface TokenPageRequest {
  readonly now: Date;
  readonly sort: readonly SortTerm<'createdAt' | 'expiresAt' | 'name'>[];
  readonly page: number;
  readonly pageSize: number;
}

/** The status at `:now`, as `effectiveStatus` has it. */
const STATUS_SQL = `CASE WHEN token.status = 'ACTIVE' AND token.expires_at <= :now THEN 'EXPIRED' ELSE token.status END`;

@Injectable()
export class RegistrationTokensRepository {
  readonly #token: EntityColumns<RegistrationTokenEntity>;

  constructor(private readonly db: Database) {
    this.#token = db.columns(RegistrationTokenEntity, 'token');
  }

  async insert(token: RegistrationTokenEntity, tx: Tx): Promise<void> {
    await tx.insert(RegistrationTokenEntity, token);
  }

  findById(id: RegistrationTokenId, tx: Tx): Promise<RegistrationTokenEntity | null> {
    return tx.manager.findOneBy(RegistrationTokenEntity, { id });
  }

  async findByHash(tokenHash: string, tx: Tx): Promise<RegistrationTokenEntity | null> {
    const text = `SELECT ${this.#token.select} FROM registration_tokens token WHERE token.token_hash = :tokenHash`;
    const [row] = await tx.query<Readonly<Record<string, unknown>>>(text, { tokenHash });
    return row ? this.#token.hydrate(row) : null;
  }

  async list(filter: RegistrationTokenFilter, request: TokenPageRequest): Promise<Rows<RegistrationTokenEntity>> {
    const query = this.db
      .manager()
      .createQueryBuilder(RegistrationTokenEntity, 'token')
      .setParameters({ now: request.now.getTime() });
    if (filter.status) query.andWhere(`${STATUS_SQL} IN (:...status)`, { status: [...filter.status] });
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('token.name', 'token.agent_code'), { q: search.q });
    }
    for (const { field, direction } of request.sort) query.addOrderBy(`token.${field}`, direction, 'NULLS LAST');
    const [rows, total] = await query
      .addOrderBy('token.id', 'DESC')
      .skip((request.page - 1) * request.pageSize)
      .take(request.pageSize)
      .getManyAndCount();
    return { rows, total };
  }

  /** Marks the token used if it is active now; true for the only call that did. */
  async consume(tokenHash: string, now: Date, tx: Tx): Promise<boolean> {
    const condition = `token_hash = :tokenHash AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > :now)`;
    const parameters = { tokenHash, now: now.getTime() };
    return (await tx.update(RegistrationTokenEntity, { status: 'USED', usedAt: now }, condition, parameters)) > 0;
  }

  async noteUser(id: RegistrationTokenId, agentId: AgentId, tx: Tx): Promise<void> {
    await tx.update(RegistrationTokenEntity, { usedByAgentId: agentId }, 'id = :id', { id });
  }

  /** Revokes the token if it is active now; true for the only call that did. */
  async revoke(id: RegistrationTokenId, now: Date, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > :now)`;
    const changes = { status: 'REVOKED', revokedAt: now } as const;
    return (await tx.update(RegistrationTokenEntity, changes, condition, { id, now: now.getTime() })) > 0;
  }

  /** True for the only call that did. */
  async delete(id: RegistrationTokenId, tx: Tx): Promise<boolean> {
    const { affected } = await tx.manager.delete(RegistrationTokenEntity, { id });
    return affected === 1;
  }

  /** At most `limit` tokens whose expiry was not noted yet. */
  listExpired(now: Date, limit: number, tx: Tx): Promise<RegistrationTokenEntity[]> {
    return tx.manager
      .createQueryBuilder(RegistrationTokenEntity, 'token')
      .where(`token.status = 'ACTIVE' AND token.expires_at <= :now`, { now: now.getTime() })
      .orderBy('token.expiresAt')
      .limit(limit)
      .getMany();
  }

  /** True for the only call that noted the expiry. */
  async markExpired(id: RegistrationTokenId, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ACTIVE'`;
    return (await tx.update(RegistrationTokenEntity, { status: 'EXPIRED' }, condition, { id })) > 0;
  }
}
