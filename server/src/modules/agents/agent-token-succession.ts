import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';

/** Ends a replaced token as soon as nobody needs it: an agent that uses the new one has it safe. */
@Injectable()
export class AgentTokenSuccession {
  constructor(
    private readonly db: Database,
    private readonly tokens: AgentTokensRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** Ends, at every replica, what the agent replaced by the token of this hash. */
  async endPredecessors(id: AgentId, tokenHash: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = await this.tokens.revokePredecessors(id, tokenHash, this.clock.now(), tx);
      if (ended > 0) this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }
}
