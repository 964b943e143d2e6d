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
import { AgentTokensRepository, type IssuedToken } from './agent-tokens.repository.js';

const CAPACITY = 50_000;
const DAY_SECONDS = 86_400;
/** How long an agent can still use the token it replaced, in case it never receives the new one. */
const OVERLAP_SECONDS = 600;

/** The agent behind a token, as far as a request needs it. */
export interface KnownAgent extends Pick<AgentEntity, 'id' | 'code' | 'status'> {
  readonly token: Pick<AgentTokenEntity, 'createdAt' | 'retiresAt'>;
}

/**
 * Knows which agent a token belongs to, and rotates tokens. An agent has at most two: its current one and, until that is
 * first used, the one before (docs/decisions/0019). Look-ups are cached; any change of an agent drops its entries.
 */
@Injectable()
export class AgentTokensService {
  readonly #known = new LoadingCache<string, KnownAgent | null>(CAPACITY);
  /** The token hashes cached for each agent. */
  readonly #hashes = new Map<AgentId, Set<string>>();
  /** Counts changes of agents, to notice one that happens during a look-up. */
  #changes = 0;

  constructor(
    private readonly db: Database,
    private readonly tokens: AgentTokensRepository,
    private readonly liveness: AgentLiveness,
    private readonly changes: ChangeFeed,
    private readonly audit: AuditService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
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

  /** The agent whose valid token has this SHA-256; null when there is none. */
  async findAgent(tokenHash: string): Promise<KnownAgent | null> {
    const agent = await this.#known.get(tokenHash, () => this.#load(tokenHash));
    const retiresAt = agent?.token.retiresAt ?? null;
    return retiresAt === null || this.clock.now() < retiresAt ? agent : null;
  }

  /** Whether the token the agent used is too old, or about to end because the agent never used its successor. */
  async isRotationDue({ tokenHash }: AgentActor): Promise<boolean> {
    const known = await this.findAgent(tokenHash);
    if (!known) return false;
    if (known.token.retiresAt !== null) return true;
    const { agentTokenMaxAgeDays: days } = this.config;
    return days > 0 && known.token.createdAt <= this.clock.secondsFromNow(-days * DAY_SECONDS);
  }

  /**
   * Gives the agent a new token. The one it used ends once the new one is used, or in ten minutes. An agent that lost the
   * response can ask again: it gets another token, and the ten minutes are not extended.
   * @throws UNAUTHORIZED, AGENT_DISABLED, AGENT_REVOKED
   */
  async rotate(agent: AgentActor): Promise<RotateAgentTokenResponse> {
    const agentToken = makeToken(AGENT_TOKEN_PREFIX);
    await this.db.transaction(async (tx) => {
      // This comes first because it locks the agent's row: concurrent rotations run one after the other.
      await this.liveness.markSeenIn(tx, agent);
      const now = this.clock.now();
      const retiresAt = secondsAfter(now, OVERLAP_SECONDS);
      if (!(await this.tokens.retire(agent.tokenHash, now, retiresAt, tx))) throw agentTokenUnknown();
      await this.tokens.deleteOthers(agent.id, agent.tokenHash, tx);
      const [id, tokenHash] = [this.ids.make('atk'), hashToken(agentToken)];
      const ends = { revokedAt: null, retiresAt: null, enrolmentKeyHash: null };
      await this.tokens.insert({ id, agentId: agent.id, tokenHash, createdAt: now, ...ends }, tx);
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.token.rotated',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} got a new token; the previous one ends when it is used, or in ten minutes.`,
        metadata: { revokedTokens: 0 },
      });
    });
    return { agentToken };
  }

  async #load(tokenHash: string): Promise<KnownAgent | null> {
    const changesBefore = this.#changes;
    const issued = await this.#findUsable(tokenHash);
    if (issued?.hasPredecessor) await this.#revokePredecessors(issued.agent.id, tokenHash);
    // Unknown tokens are not cached: anyone can send any number of them. Nor is an agent that may have changed during the
    // query: its token was not in #hashes yet, so that change could not drop the entry.
    if (!issued || changesBefore !== this.#changes) this.#known.invalidate(tokenHash);
    if (!issued) return null;
    const { id, code, status } = issued.agent;
    const { createdAt, retiresAt } = issued.token;
    this.#hashes.set(id, (this.#hashes.get(id) ?? new Set()).add(tokenHash));
    return { id, code, status, token: { createdAt, retiresAt } };
  }

  /** A token of a registration is used from now on, so that registration can no longer be repeated. */
  async #findUsable(tokenHash: string): Promise<IssuedToken | null> {
    const issued = await this.tokens.findIssued(tokenHash);
    if ((issued?.token.enrolmentKeyHash ?? null) === null) return issued;
    return (await this.db.transaction((tx) => this.tokens.markUsed(tokenHash, tx))) ? issued : null;
  }

  /** Revokes, on every replica, the tokens that this one replaced: an agent that uses the new token has stored it. */
  async #revokePredecessors(id: AgentId, tokenHash: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = await this.tokens.revokePredecessors(id, tokenHash, this.clock.now(), tx);
      if (ended > 0) this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }

  #forget(agentId: AgentId): void {
    this.#changes += 1;
    for (const tokenHash of this.#hashes.get(agentId) ?? []) this.#known.invalidate(tokenHash);
    this.#hashes.delete(agentId);
  }
}

/** Returns the agent if it may call. @throws UNAUTHORIZED for null; AGENT_REVOKED, AGENT_DISABLED by its status */
export const assertAdmitted = (agent: KnownAgent | null): KnownAgent => {
  if (!agent) throw agentTokenUnknown();
  if (agent.status === 'REVOKED') throw agentRevoked();
  if (agent.status === 'DISABLED') throw agentDisabled();
  return agent;
};
