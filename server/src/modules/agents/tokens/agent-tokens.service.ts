import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type AgentId, type RotateAgentTokenResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { Ids } from '../../../common/ids.js';
import { LoadingCache } from '../../../common/memory/cache.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { AgentEntity } from '../agent.entity.js';
import { agentDisabled, agentRevoked, agentTokenUnknown } from '../agents.errors.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import type { AgentTokenEntity } from './agent-token.entity.js';
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
  async revokePredecessors(id: AgentId, tokenHash: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = await this.tokens.revokePredecessors(id, tokenHash, this.clock.now(), tx);
      if (ended > 0) this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }
}

const CAPACITY = 50_000;

/** The agent behind a token, as far as a request needs it. */
export interface KnownAgent extends Pick<AgentEntity, 'id' | 'code' | 'status'> {
  readonly token: Pick<AgentTokenEntity, 'createdAt' | 'retiresAt'>;
}

/** Knows which agent a token belongs to, without asking the database each time; what changes about an agent is known at once. */
@Injectable()
export class AgentTokensService {
  readonly #known = new LoadingCache<string, KnownAgent | null>(CAPACITY);
  /** The hashes under which an agent is remembered. */
  readonly #hashes = new Map<AgentId, Set<string>>();
  /** How many changes of agents there were. */
  #changes = 0;

  constructor(
    private readonly tokens: AgentTokensRepository,
    private readonly succession: AgentTokenSuccession,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.on('agent', ({ agentId }) => {
      if (agentId) this.#forget(agentId);
    });
    changes.onGap(() => {
      this.#changes += 1;
      this.#known.invalidateAll();
      this.#hashes.clear();
    });
  }

  /** The agent of which a valid token has this SHA-256; null when there is none. */
  async findAgent(tokenHash: string): Promise<KnownAgent | null> {
    const agent = await this.#known.get(tokenHash, () => this.#load(tokenHash));
    const retiresAt = agent?.token.retiresAt ?? null;
    return retiresAt === null || this.clock.now() < retiresAt ? agent : null;
  }

  async #load(tokenHash: string): Promise<KnownAgent | null> {
    const changesBefore = this.#changes;
    const issued = await this.tokens.findIssued(tokenHash);
    if (issued?.hasPredecessor) await this.succession.revokePredecessors(issued.agent.id, tokenHash);
    // A stranger can send any number of tokens that nobody has. And whose token it is is only known now: a change of
    // that agent during the reading could not make it forgotten.
    if (!issued || changesBefore !== this.#changes) this.#known.invalidate(tokenHash);
    if (!issued) return null;
    const { id, code, status } = issued.agent;
    const { createdAt, retiresAt } = issued.token;
    this.#hashes.set(id, (this.#hashes.get(id) ?? new Set()).add(tokenHash));
    return { id, code, status, token: { createdAt, retiresAt } };
  }

  #forget(agentId: AgentId): void {
    this.#changes += 1;
    for (const tokenHash of this.#hashes.get(agentId) ?? []) this.#known.invalidate(tokenHash);
    this.#hashes.delete(agentId);
  }
}

/** @throws UNAUTHORIZED when there is none; AGENT_REVOKED, AGENT_DISABLED when it is shut out */
export const assertAdmitted = (agent: KnownAgent | null): KnownAgent => {
  if (!agent) throw agentTokenUnknown();
  if (agent.status === 'REVOKED') throw agentRevoked();
  if (agent.status === 'DISABLED') throw agentDisabled();
  return agent;
};

const DAY_SECONDS = 86_400;

/** Knows which agents should ask for a new token. */
@Injectable()
export class AgentTokenAge {
  constructor(
    private readonly config: AppConfig,
    private readonly credentials: AgentTokensService,
    private readonly clock: Clock,
  ) {}

  /** Whether the token the agent showed is too old, or about to end because the agent never got to use the next one. */
  async isRotationDue({ tokenHash }: AgentActor): Promise<boolean> {
    const known = await this.credentials.findAgent(tokenHash);
    if (!known) return false;
    if (known.token.retiresAt !== null) return true;
    const { agentTokenMaxAgeDays: days } = this.config;
    return days > 0 && known.token.createdAt <= this.clock.secondsFromNow(-days * DAY_SECONDS);
  }
}

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
