import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { AgentTokensService, assertAdmitted } from '../../agents/tokens/agent-tokens.service.js';
import { ChangeFeed, type Unsubscribe } from '../../changes/change-feed.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadValidator } from '../payload/payload-validator.js';
import { PENDING_EVENTS } from './dispatch-cache.js';

/** How far off its end a parked poll may be answered. */
const TICK_MS = 250;

/** Why a parked poll goes on: there may be work for it, or it is to be answered with nothing. */
export type WakeUp = 'work' | 'nothing';

interface Parked {
  readonly agent: AgentActor;
  readonly endsAt: number;
  readonly wake: (reason: WakeUp) => void;
  readonly fail: (error: unknown) => void;
}

/** A poll that waits. */
export interface ParkedPoll {
  /** @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED when its agent is shut out meanwhile */
  readonly wokenUp: Promise<WakeUp>;
  /** Ends the waiting with nothing; has no effect once it has ended. */
  release(): void;
}

/**
 * Polls that are held open until there is something for them: one for each agent, without a query or a timer of its
 * own. They end by a command, by their time, by a newer poll, when their agent is shut out, and at shutdown.
 */
@Injectable()
export class ParkedPolls implements BeforeApplicationShutdown {
  readonly #parked = new Map<AgentId, Parked>();
  readonly #subscriptions: readonly Unsubscribe[];
  #ticker: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly credentials: AgentTokensService,
    private readonly checks: PayloadValidator,
    changes: ChangeFeed,
  ) {
    this.#subscriptions = [
      changes.on('command', ({ action, agentId }) => {
        const parked = agentId && this.#parked.get(agentId);
        if (!parked) return;
        if (PENDING_EVENTS.has(action)) parked.wake('work');
        // The heartbeat that follows an early answer tells the agent which of its commands was cancelled.
        else if (action === 'command.cancelled') parked.wake('nothing');
      }),
      changes.on('agent', ({ agentId }) => {
        const parked = agentId && this.#parked.get(agentId);
        if (parked) void this.#confirm(parked);
      }),
      changes.onGap(() => void this.#confirmAll()),
    ];
  }

  /** How many polls wait. */
  get count(): number {
    return this.#parked.size;
  }

  /** Waits until `endsAt` (of `performance.now()`) at most; an older poll of the same agent is answered with nothing. */
  park(agent: AgentActor, endsAt: number): ParkedPoll {
    // Where somebody waits for commands, there will be some.
    void this.checks.load();
    this.#parked.get(agent.id)?.wake('nothing');
    const { promise, resolve, reject } = Promise.withResolvers<WakeUp>();
    // It may be cut off while nobody looks.
    promise.catch(() => undefined);
    const leave = (): void => {
      if (this.#parked.get(agent.id) === parked) this.#parked.delete(agent.id);
    };
    const parked: Parked = {
      agent,
      endsAt,
      wake: (reason) => {
        leave();
        resolve(reason);
      },
      fail: (error) => {
        leave();
        reject(error);
      },
    };
    const release = (): void => {
      parked.wake('nothing');
    };
    if (this.#closed) release();
    else this.#hold(parked);
    return { wokenUp: promise, release };
  }

  /** Wakes the parked polls of these agents. */
  wake(agentIds: readonly AgentId[]): void {
    for (const agentId of agentIds) this.#parked.get(agentId)?.wake('work');
  }

  beforeApplicationShutdown(): void {
    this.#closed = true;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const parked of [...this.#parked.values()]) parked.wake('nothing');
  }

  #hold(parked: Parked): void {
    this.#parked.set(parked.agent.id, parked);
    this.#ticker ??= setInterval(() => {
      this.#endOverdue();
    }, TICK_MS).unref();
  }

  #endOverdue(): void {
    const now = performance.now();
    for (const parked of [...this.#parked.values()]) if (parked.endsAt <= now) parked.wake('nothing');
    if (this.#parked.size > 0 || !this.#ticker) return;
    clearInterval(this.#ticker);
    this.#ticker = null;
  }

  /** One after the other: thousands at once would take every connection to the database. */
  async #confirmAll(): Promise<void> {
    for (const parked of [...this.#parked.values()]) await this.#confirm(parked);
  }

  /** Cuts the poll off if its agent is no longer let in with the token it showed. */
  async #confirm(parked: Parked): Promise<void> {
    try {
      assertAdmitted(await this.credentials.findAgent(parked.agent.tokenHash));
    } catch (error) {
      parked.fail(error);
    }
  }
}

/** Wakes parked polls for commands that another replica announced unheard. */
@Injectable()
export class MissedCommands {
  readonly #logger = new Logger(MissedCommands.name);

  constructor(
    private readonly commands: CommandsRepository,
    private readonly parked: ParkedPolls,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.onGap(() => void this.#wake());
  }

  async #wake(): Promise<void> {
    if (this.parked.count === 0) return;
    try {
      this.parked.wake(await this.commands.listAgentsWithClaimable(this.clock.now()));
    } catch (error) {
      // The next gap, or the next poll, tries again.
      this.#logger.warn(error);
    }
  }
}
