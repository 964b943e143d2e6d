import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type RotateAgentTokenResponse } from '#contracts';
import { hashToken, makeToken } from '../../common/crypto/tokens.js';
import type { AgentActor } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { Clock, secondsAfter } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';
import { agentTokenUnknown } from './agent.errors.js';

/** How long an agent may go on with the token it replaced, should it never get to use the new one. */
const OVERLAP_SECONDS = 600;

/**
 * Gives agents a new token in place of the one they show. An agent has two at most: its current one and, until that is
 * first used, the one before.
 */
@Injectable()
export class AgentTokenRotation {
  constructor(
    private readonly db: Database,
    private readonly tokens: AgentTokensRepository,
    private readonly liveness: AgentLiveness,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * The new token. The one that was shown ends once the new one is used, or in ten minutes; asking again, when the
   * answer was lost, gives another and does not prolong that.
   * @throws UNAUTHORIZED, AGENT_DISABLED, AGENT_REVOKED
   */
  async rotate(agent: AgentActor): Promise<RotateAgentTokenResponse> {
    const agentToken = makeToken(AGENT_TOKEN_PREFIX);
    await this.db.transaction(async (tx) => {
      // First of all: it holds the agent's row, so that rotations at once come one after the other.
      await this.liveness.markSeenIn(tx, agent);
      const now = this.clock.now();
      const retiresAt = secondsAfter(now, OVERLAP_SECONDS);
      if (!(await this.tokens.retire(agent.tokenHash, now, retiresAt, tx))) throw agentTokenUnknown();
      await this.tokens.deleteOthers(agent.id, agent.tokenHash, tx);
      const [id, tokenHash] = [this.ids.make('atk'), hashToken(agentToken)];
      const token = { id, agentId: agent.id, tokenHash, createdAt: now, revokedAt: null, retiresAt: null };
      await this.tokens.insert(token, tx);
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.token.rotated',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} got a new token; the one before ends when that is used, or in ten minutes.`,
        metadata: { revokedTokens: 0 },
      });
    });
    return { agentToken };
  }
}
