import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { ReadCache } from '../../common/memory/read-cache.js';
import { Clock } from '../../common/time/clock.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { AgentTokenSuccession } from './agent-token-succession.js';
import type { AgentTokenEntity } from './agent-token.entity.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';
import type { AgentEntity } from './agent.entity.js';
import { agentDisabled, agentRevoked, agentTokenUnknown } from './agent.errors.js';

const CAPACITY = 50_000;

/** The agent behind a token, as far as a request needs it. */
export interface KnownAgent extends Pick<AgentEntity, 'id' | 'code' | 'status'> {
  readonly token: Pick<AgentTokenEntity, 'createdAt' | 'retiresAt'>;
}

/** Knows which agent a token belongs to, without asking the database each time; what changes about an agent is known at once. */
@Injectable()
export class AgentCredentials {
  readonly #known = new ReadCache<string, KnownAgent | null>(CAPACITY);
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
    changes.subscribe({
      onChange: ({ topic, agentId }) => {
        if (topic === 'agent' && agentId) this.#forget(agentId);
      },
      onGap: () => {
        this.#changes += 1;
        this.#known.clear();
        this.#hashes.clear();
      },
    });
  }

  /** The agent of which a valid token has this SHA-256; null when there is none. */
  async find(tokenHash: string): Promise<KnownAgent | null> {
    const agent = await this.#known.get(tokenHash, () => this.#load(tokenHash));
    const retiresAt = agent?.token.retiresAt ?? null;
    return retiresAt === null || this.clock.now() < retiresAt ? agent : null;
  }

  async #load(tokenHash: string): Promise<KnownAgent | null> {
    const changesBefore = this.#changes;
    const issued = await this.tokens.findIssued(tokenHash);
    if (issued?.hasPredecessor) await this.succession.endPredecessors(issued.agent.id, tokenHash);
    // A stranger can send any number of tokens that nobody has. And whose token it is is only known now: a change of
    // that agent during the reading could not make it forgotten.
    if (!issued || changesBefore !== this.#changes) this.#known.forget(tokenHash);
    if (!issued) return null;
    const { id, code, status } = issued.agent;
    const { createdAt, retiresAt } = issued.token;
    this.#hashes.set(id, (this.#hashes.get(id) ?? new Set()).add(tokenHash));
    return { id, code, status, token: { createdAt, retiresAt } };
  }

  #forget(agentId: AgentId): void {
    this.#changes += 1;
    for (const tokenHash of this.#hashes.get(agentId) ?? []) this.#known.forget(tokenHash);
    this.#hashes.delete(agentId);
  }
}

/** @throws UNAUTHORIZED when there is none; AGENT_REVOKED, AGENT_DISABLED when it is shut out */
export const letIn = (agent: KnownAgent | null): KnownAgent => {
  if (!agent) throw agentTokenUnknown();
  if (agent.status === 'REVOKED') throw agentRevoked();
  if (agent.status === 'DISABLED') throw agentDisabled();
  return agent;
};
