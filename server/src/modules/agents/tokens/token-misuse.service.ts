import { Injectable, Logger } from '@nestjs/common';
import type { AgentId, AuditAction } from '#contracts';
import type { AgentActor, ClientInfo } from '../../../common/actor.js';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import type { AuditActor } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { type AgentMark, AgentsRepository } from '../agents.repository.js';
import type { SupersededToken } from './agent-tokens.service.js';

/** A mark is renewed, and audited, at most this often for each agent. */
const RENEW_SECONDS = 60;
/** More displaced polls than this within a minute are not one agent that lost its connection. */
const MAX_DISPLACED = 10;
const WINDOW_MS = 60_000;
const MAX_AGENTS = 10_000;

interface Sign {
  readonly id: AgentId;
  readonly mark: AgentMark;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata: object;
}

/** The displaced polls of an agent within a minute. */
interface Displaced {
  readonly since: number;
  count: number;
}

/** Notices when a second holder of an agent's token shows, and marks the agent until it registers again. */
@Injectable()
export class TokenMisuseService {
  readonly #logger = new Logger(TokenMisuseService.name);
  readonly #displaced = new Map<AgentId, Displaced>();

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** A token was shown that its agent has replaced: whoever shows it has a copy (RFC 9700, 4.14). */
  noteReused({ agent, supersededAt }: SupersededToken, origin: ClientInfo, path: string): Promise<void> {
    return this.#mark({
      id: agent.id,
      mark: 'tokenReusedAt',
      actor: { kind: 'unknown-agent', origin },
      action: 'agent_token.reused',
      message: `A token that agent ${agent.code} no longer uses was shown again; somebody may have a copy of it.`,
      metadata: { code: agent.code, supersededAt: supersededAt.toISOString(), path },
    });
  }

  /** A parked poll of this agent was displaced by another one; never rejects. */
  noteDisplacedPoll(agent: AgentActor): void {
    const now = performance.now();
    const known = this.#displaced.get(agent.id);
    const window = known && now - known.since < WINDOW_MS ? known : { since: now, count: 0 };
    window.count += 1;
    this.#displaced.delete(agent.id);
    this.#displaced.set(agent.id, window);
    const oldest = this.#displaced.keys().next().value;
    if (this.#displaced.size > MAX_AGENTS && oldest !== undefined) this.#displaced.delete(oldest);
    if (window.count !== MAX_DISPLACED) return;
    this.#markDisplaced(agent).catch((error: unknown) => {
      this.#logger.error(error);
    });
  }

  #markDisplaced(agent: AgentActor): Promise<void> {
    return this.#mark({
      id: agent.id,
      mark: 'pollsDisplacedAt',
      actor: agent,
      action: 'agent.polls.displaced',
      message: `Two processes poll with the token of agent ${agent.code}, and take each other's commands.`,
      metadata: { code: agent.code },
    });
  }

  /** The row decides, so that all replicas together write one event. */
  async #mark({ id, mark, ...event }: Sign): Promise<void> {
    const now = this.clock.now();
    await this.db.transaction(async (tx) => {
      if (!(await this.agents.mark(id, mark, { at: now, before: secondsAfter(now, -RENEW_SECONDS) }, tx))) return;
      await this.audit.record(tx, { ...event, target: { type: 'Agent', id }, result: 'FAILURE' });
    });
  }
}
