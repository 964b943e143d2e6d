import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { AgentTokensService, assertAdmitted } from '../../agents/tokens/agent-tokens.service.js';
import { TokenMisuseService } from '../../agents/tokens/token-misuse.service.js';
import { ChangeFeed, type Unsubscribe } from '../../changes/change-feed.js';
import { PENDING_EVENTS } from '../command-lifecycle.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadValidator } from '../payload/payload-validator.js';

/** How late a parked poll may be answered after its end. */
const TICK_MS = 250;

/** Why a parked poll continues: there may be work for it, or it should be answered with nothing. */
export type WakeUp = 'work' | 'nothing';

interface Parked {
  readonly agent: AgentActor;
  readonly endsAt: number;
  readonly wake: (reason: WakeUp) => void;
  readonly fail: (error: unknown) => void;
}

/** A poll under way. */
export interface PollTurn {
  readonly agent: AgentActor;
}

/** A poll that waits. */
export interface ParkedPoll {
  /** @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED when its agent or token loses access meanwhile */
  readonly wokenUp: Promise<WakeUp>;
  /** Ends the waiting with nothing; has no effect once it has ended. */
  release(): void;
}

/**
 * Polls that are held open until there is something for them: one for each agent, without a query or a timer of its
 * own. They end when a command is pending or cancelled, when their time is up, when the agent polls again or loses
 * access, and at shutdown.
 */
@Injectable()
export class ParkedPolls implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ParkedPolls.name);
  readonly #parked = new Map<AgentId, Parked>();
  /** The newest poll of each agent, while it is under way: only this one may wait. */
  readonly #newest = new Map<AgentId, PollTurn>();
  readonly #subscriptions: readonly Unsubscribe[];
  #ticker: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly tokens: AgentTokensService,
    private readonly validator: PayloadValidator,
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    private readonly misuse: TokenMisuseService,
    changes: ChangeFeed,
  ) {
    this.#subscriptions = [
      changes.on('command', ({ action, agentId }) => {
        const parked = agentId && this.#parked.get(agentId);
        if (!parked) return;
        if (PENDING_EVENTS.has(action)) parked.wake('work');
        // The heartbeat that follows an early answer tells the agent which command to stop.
        else if (action === 'command.cancelled') parked.wake('nothing');
      }),
      changes.on('agent', ({ agentId }) => {
        const parked = agentId && this.#parked.get(agentId);
        if (parked) void this.#confirm(parked);
      }),
      changes.onGap(() => {
        void this.#confirmAll();
        void this.#wakeMissed();
      }),
    ];
  }

  /** How many polls are parked. */
  get count(): number {
    return this.#parked.size;
  }

  /**
   * Begins a poll, whether or not it will wait. An older one of the same agent waits no longer: its connection may be dead,
   * and a command given to it would be lost.
   */
  begin(agent: AgentActor): PollTurn {
    const turn = { agent };
    this.#newest.set(agent.id, turn);
    const older = this.#parked.get(agent.id);
    if (older) {
      older.wake('nothing');
      this.misuse.noteDisplacedPoll(agent);
    }
    return turn;
  }

  /** Ends a poll that {@link begin} began. */
  finish(turn: PollTurn): void {
    if (this.#newest.get(turn.agent.id) === turn) this.#newest.delete(turn.agent.id);
  }

  /** Waits until `endsAt` (of `performance.now()`) at most, and not at all once the agent has begun a newer poll. */
  park(turn: PollTurn, endsAt: number): ParkedPoll {
    const { agent } = turn;
    // An agent that waits for commands will get one: load the validator before it is created.
    this.validator.load().catch((error: unknown) => {
      this.#logger.warn(error);
    });
    const { promise, resolve, reject } = Promise.withResolvers<WakeUp>();
    // It may be rejected before anything awaits it.
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
    if (this.#closed || this.#newest.get(agent.id) !== turn) release();
    else this.#hold(parked);
    return { wokenUp: promise, release };
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

  /** One after another: thousands at once would take every connection to the database. */
  async #confirmAll(): Promise<void> {
    for (const parked of [...this.#parked.values()]) await this.#confirm(parked);
  }

  /** Fails the poll if its agent is no longer admitted with the token it showed. */
  async #confirm(parked: Parked): Promise<void> {
    try {
      assertAdmitted(await this.tokens.findAgent(parked.agent.tokenHash));
    } catch (error) {
      parked.fail(error);
    }
  }

  /** Wakes the polls of agents with commands whose announcement by another replica was lost. */
  async #wakeMissed(): Promise<void> {
    if (this.count === 0) return;
    try {
      const agentIds = await this.commands.listAgentsWithClaimable(this.clock.now());
      for (const agentId of agentIds) this.#parked.get(agentId)?.wake('work');
    } catch (error) {
      // The next gap or the next poll tries again.
      this.#logger.warn(error);
    }
  }
}
