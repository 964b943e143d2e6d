import { Injectable } from '@nestjs/common';
import type { AgentId, AgentWarning } from '#contracts';
import type { AgentActor } from '../../common/actor.js';
import { Clock, toInstant } from '../../common/clock.js';
import { contentHash } from '../../common/crypto/hashes.js';
import { Database } from '../../database/database.js';
import type { CleaningWarning } from '../../http/validation/cleaning.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { AgentsRepository } from './agents.repository.js';

type Call = AgentWarning['call'];

const CAPACITY = 50_000;
const NONE = contentHash([]);

/** Keeps what could not be kept as agents sent it: of each kind of call the last, for the pages of the agent and its services. */
@Injectable()
export class AgentWarningsService {
  /** What is stored for each agent and call, so that a call without news costs no query; unknown ones were stored by others. */
  readonly #stored = new Map<string, string>();

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** Replaces the agent's warnings of this call; without any, removes them. */
  async record(agent: AgentActor, call: Call, found: readonly CleaningWarning[]): Promise<void> {
    const key = `${call} ${agent.id}`;
    const content = found.length === 0 ? NONE : contentHash(found);
    if (this.#stored.get(key) === content) return;
    await this.#store(agent.id, call, found);
    this.#stored.delete(key);
    this.#stored.set(key, content);
    for (const oldest of this.#stored.keys()) {
      if (this.#stored.size <= CAPACITY) break;
      this.#stored.delete(oldest);
    }
  }

  async #store(id: AgentId, call: Call, found: readonly CleaningWarning[]): Promise<void> {
    if (found.length === 0 && !(await this.agents.findWarnings(id)).some((warning) => warning.call === call)) return;
    const since = toInstant(this.clock.now());
    const these = found.map((warning): AgentWarning => ({ call, ...warning, since }));
    await this.db.transaction(async (tx) => {
      const known = await this.agents.findWarnings(id, tx);
      const others = known.filter((warning) => warning.call !== call);
      const kept = these.map((one) => known.find((old) => isSame(old, one)) ?? one);
      await this.agents.saveWarnings(id, [...others, ...kept], tx);
      this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }
}

const isSame = (a: AgentWarning, b: AgentWarning): boolean =>
  a.call === b.call && a.serviceCode === b.serviceCode && a.path === b.path && a.message === b.message;
