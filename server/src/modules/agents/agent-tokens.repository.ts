import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AgentTokenEntity } from './agent-token.entity.js';
import { AgentEntity } from './agent.entity.js';

@Injectable()
export class AgentTokensRepository {
  constructor(private readonly db: Database) {}

  async insert(token: AgentTokenEntity, tx: Tx): Promise<void> {
    await tx.insert(AgentTokenEntity, token);
  }

  /** The agent whose current token has this hash; null when there is none, or a newer token took its place. */
  findAgentByTokenHash(tokenHash: string): Promise<AgentEntity | null> {
    return this.db
      .manager()
      .createQueryBuilder(AgentEntity, 'agent')
      .innerJoin(AgentTokenEntity, 'token', 'token.agent_id = agent.id')
      .where('token.token_hash = :tokenHash AND token.revoked_at IS NULL', { tokenHash })
      .getOne();
  }

  /** Revokes the agent's tokens; returns how many there were. */
  revokeAll(agentId: AgentId, at: Date, tx: Tx): Promise<number> {
    const condition = 'agent_id = :agentId AND revoked_at IS NULL';
    return tx.update(AgentTokenEntity, { revokedAt: at }, condition, { agentId });
  }
}
