import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { Tx } from '../../../database/tx.js';
import { AgentEntity } from '../agent.entity.js';
import { AgentTokenEntity } from './agent-token.entity.js';

/** A token and its agent. */
export interface IssuedToken {
  readonly agent: AgentEntity;
  readonly token: AgentTokenEntity;
  /** Whether a token that it replaced is still valid. */
  readonly hasPredecessor: boolean;
}

type Row = Readonly<Record<string, unknown>> & { readonly predecessors: number | string };

/** Reads and writes agent tokens. */
@Injectable()
export class AgentTokensRepository {
  readonly #agent: EntityColumns<AgentEntity>;
  readonly #token: EntityColumns<AgentTokenEntity>;
  readonly #selectIssued: string;

  constructor(private readonly db: Database) {
    this.#agent = db.columns(AgentEntity, 'agent');
    this.#token = db.columns(AgentTokenEntity, 'token');
    this.#selectIssued = `SELECT ${this.#agent.select}, ${this.#token.select},
        (SELECT COUNT(*) FROM agent_tokens older WHERE older.agent_id = token.agent_id AND older.id <> token.id
          AND older.retires_at IS NOT NULL AND older.revoked_at IS NULL AND token.retires_at IS NULL) AS predecessors
      FROM agent_tokens token JOIN agents agent ON agent.id = token.agent_id
      WHERE token.token_hash = :tokenHash`;
  }

  async insert(token: AgentTokenEntity, tx: Tx): Promise<void> {
    await tx.insert(AgentTokenEntity, token);
  }

  /** The token with this hash, which may have ended or be superseded; null when there is none. */
  async findIssued(tokenHash: string): Promise<IssuedToken | null> {
    const [row] = await this.db.query<Row>(this.#selectIssued, { tokenHash });
    if (!row) return null;
    const hasPredecessor = Number(row.predecessors) > 0;
    return { agent: this.#agent.hydrate(row), token: this.#token.hydrate(row), hasPredecessor };
  }

  /** Revokes the agent's tokens; returns how many there were. */
  revokeAll(agentId: AgentId, at: Date, tx: Tx): Promise<number> {
    const condition = 'agent_id = :agentId AND revoked_at IS NULL';
    return tx.update(AgentTokenEntity, { revokedAt: at }, condition, { agentId });
  }

  /** Revokes the token of this registration if it was never used; true for the one call that did. */
  async revokeUnused(agentId: AgentId, enrolmentKeyHash: string, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'agent_id = :agentId AND enrolment_key_hash = :enrolmentKeyHash AND revoked_at IS NULL';
    return (await tx.update(AgentTokenEntity, { revokedAt: at }, condition, { agentId, enrolmentKeyHash })) > 0;
  }

  /** Records the first use of a registration's token; false when it is revoked. */
  async markUsed(tokenHash: string, tx: Tx): Promise<boolean> {
    const condition = 'token_hash = :tokenHash AND revoked_at IS NULL';
    return (await tx.update(AgentTokenEntity, { enrolmentKeyHash: null }, condition, { tokenHash })) > 0;
  }

  /** Sets when the token ends, unless an earlier end is set; false when it has ended already. */
  async retire(tokenHash: string, now: Date, retiresAt: Date, tx: Tx): Promise<boolean> {
    const changes = { retiresAt: () => 'COALESCE(retires_at, :retiresAt)' };
    const condition = 'token_hash = :tokenHash AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > :now)';
    const parameters = { tokenHash, now: now.getTime(), retiresAt: retiresAt.getTime() };
    return (await tx.update(AgentTokenEntity, changes, condition, parameters)) > 0;
  }

  /** Sets the end of a replaced token to `latest` if it is later: a clock that was ahead stored it. */
  async bringBackRetirement(tokenHash: string, latest: Date, tx: Tx): Promise<void> {
    const later = 'token_hash = :tokenHash AND retires_at > :latest';
    await tx.update(AgentTokenEntity, { retiresAt: latest }, later, { tokenHash, latest: latest.getTime() });
  }

  /** Supersedes the agent's tokens but this one: the others have ended, or were never used. */
  async revokeOthers(agentId: AgentId, tokenHash: string, at: Date, tx: Tx): Promise<void> {
    const others = 'agent_id = :agentId AND token_hash <> :tokenHash AND revoked_at IS NULL';
    await tx.update(AgentTokenEntity, { revokedAt: at }, others, { agentId, tokenHash });
  }

  /** Deletes the agent's superseded tokens except the `count` newest of all its tokens. */
  async keepNewest(agentId: AgentId, count: number, tx: Tx): Promise<void> {
    const newest =
      'SELECT created_at FROM agent_tokens WHERE agent_id = :agentId ORDER BY created_at DESC LIMIT 1 OFFSET :count';
    const condition = `agent_id = :agentId AND revoked_at IS NOT NULL AND created_at <= (${newest})`;
    await tx.delete(AgentTokenEntity, condition, { agentId, count });
  }

  /** Deletes at most `limit` tokens that were superseded before `before`; returns how many. */
  deleteSuperseded(before: Date, limit: number, tx: Tx): Promise<number> {
    const old = 'SELECT id FROM agent_tokens WHERE revoked_at < :before LIMIT :limit';
    return tx.delete(AgentTokenEntity, `id IN (${old})`, { before: before.getTime(), limit });
  }

  /** Revokes the tokens that this one replaced, if it is the agent's current one; returns how many there were. */
  revokePredecessors(agentId: AgentId, tokenHash: string, at: Date, tx: Tx): Promise<number> {
    const isCurrent = `EXISTS (SELECT 1 FROM agent_tokens used
      WHERE used.token_hash = :tokenHash AND used.revoked_at IS NULL AND used.retires_at IS NULL)`;
    const condition = `agent_id = :agentId AND token_hash <> :tokenHash
      AND retires_at IS NOT NULL AND revoked_at IS NULL AND ${isCurrent}`;
    return tx.update(AgentTokenEntity, { revokedAt: at }, condition, { agentId, tokenHash });
  }
}
