import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type AgentId, type RotateAgentTokenResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { Ids } from '../../../common/ids.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
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
/** A request that the agent sent before it used its new token arrives within this time. */
const IN_FLIGHT_SECONDS = 10;
/** How long the hash of a superseded token is kept, so that it is recognized when it is shown again. */
const SUPERSEDED_DAYS = 90;
/** How many tokens of one agent are kept at most, however often it asks for another. */
const MAX_KEPT_TOKENS = 100;
const DELETE_BATCH = 500;
const MAX_SUPERSEDED = 1_000;

/** The agent behind a token, as far as a request needs it. */
export interface KnownAgent extends Pick<AgentEntity, 'id' | 'code' | 'status'> {
  readonly token: Pick<AgentTokenEntity, 'createdAt' | 'retiresAt'>;
}

/** A token that its agent has replaced. */
export interface SupersededToken {
  readonly agent: Pick<AgentEntity, 'id' | 'code'>;
  readonly supersededAt: Date;
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
  /** Superseded tokens that were shown, by their hashes. */
  readonly #superseded = new Map<string, SupersededToken>();
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
      await this.tokens.revokeOthers(agent.id, agent.tokenHash, now, tx);
      await this.tokens.keepNewest(agent.id, MAX_KEPT_TOKENS, tx);
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

  /**
   * The agent that has replaced the token with this SHA-256, if {@link findAgent} has just refused it for that reason; null
   * for a token that nobody knows, and in the first seconds, when the agent's own requests may still be on their way.
   */
  findSuperseded(tokenHash: string): SupersededToken | null {
    const found = this.#superseded.get(tokenHash);
    // In either direction: a clock that was ahead may have dated it.
    const agoMs = found ? Math.abs(this.clock.now().getTime() - found.supersededAt.getTime()) : 0;
    const isRecent = agoMs < IN_FLIGHT_SECONDS * 1_000;
    return found && !isRecent ? found : null;
  }

  /** Deletes one batch of hashes of superseded tokens that are too old to tell anything; returns how many. */
  @MaintenanceJob({
    id: 'superseded-tokens',
    phase: 'retention',
    description: 'Deletes the hashes of agent tokens that were replaced 90 days ago.',
  })
  deleteSuperseded(): Promise<number> {
    const before = this.clock.secondsFromNow(-SUPERSEDED_DAYS * DAY_SECONDS);
    return this.db.transaction((tx) => this.tokens.deleteSuperseded(before, DELETE_BATCH, tx));
  }

  async #load(tokenHash: string): Promise<KnownAgent | null> {
    const changesBefore = this.#changes;
    const issued = await this.#findUsable(tokenHash);
    if (issued?.hasPredecessor) await this.#revokePredecessors(issued.agent.id, tokenHash);
    const retiresAt = issued ? await this.#endOf(issued.token) : null;
    // Unknown tokens are not cached: anyone can send any number of them. Nor is an agent that may have changed during the
    // query: its token was not in #hashes yet, so that change could not drop the entry.
    if (!issued || changesBefore !== this.#changes) this.#known.invalidate(tokenHash);
    if (!issued) return null;
    const { id, code, status } = issued.agent;
    const { createdAt } = issued.token;
    this.#hashes.set(id, (this.#hashes.get(id) ?? new Set()).add(tokenHash));
    return { id, code, status, token: { createdAt, retiresAt } };
  }

  /** A token of a registration is used from now on, so that registration can no longer be repeated. */
  async #findUsable(tokenHash: string): Promise<IssuedToken | null> {
    const found = await this.tokens.findIssued(tokenHash);
    if (found?.token.revokedAt) this.#remember(tokenHash, { agent: found.agent, supersededAt: found.token.revokedAt });
    // What the job has deleted is a token like any unknown one.
    if (!found) this.#superseded.delete(tokenHash);
    const issued = found?.token.revokedAt === null ? found : null;
    if ((issued?.token.enrolmentKeyHash ?? null) === null) return issued;
    return (await this.db.transaction((tx) => this.tokens.markUsed(tokenHash, tx))) ? issued : null;
  }

  /**
   * When a replaced token ends. A clock that was ahead may have stored it: the ten minutes then begin now, and once only,
   * so that a copy of the token is not good for months.
   */
  async #endOf({ tokenHash, retiresAt }: AgentTokenEntity): Promise<Date | null> {
    const latest = this.clock.secondsFromNow(OVERLAP_SECONDS);
    if (retiresAt === null || retiresAt <= latest) return retiresAt;
    await this.db.transaction((tx) => this.tokens.bringBackRetirement(tokenHash, latest, tx));
    return latest;
  }

  /** Revokes, on every replica, the tokens that this one replaced: an agent that uses the new token has stored it. */
  async #revokePredecessors(id: AgentId, tokenHash: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = await this.tokens.revokePredecessors(id, tokenHash, this.clock.now(), tx);
      if (ended > 0) this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }

  #remember(tokenHash: string, superseded: SupersededToken): void {
    this.#superseded.delete(tokenHash);
    this.#superseded.set(tokenHash, superseded);
    const oldest = this.#superseded.keys().next().value;
    if (this.#superseded.size > MAX_SUPERSEDED && oldest !== undefined) this.#superseded.delete(oldest);
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
