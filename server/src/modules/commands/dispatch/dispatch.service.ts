import { Injectable } from '@nestjs/common';
import type { AgentCommand, CommandId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Telemetry } from '../../../common/telemetry.js';
import type { ResponseDelivery } from '../../../http/deferred-response.js';
import { AgentLiveness } from '../../agents/liveness/agent-liveness.js';
import { AgentTokensService, assertAdmitted } from '../../agents/tokens/agent-tokens.service.js';
import { ClaimedCommands } from './claimed-commands.js';
import { type ClaimRequest, ClaimsService } from './claims.service.js';
import { DispatchCache } from './dispatch-cache.js';
import { ParkedPolls, type PollTurn } from './parked-polls.js';

/** What a poll asks for. */
export interface PollRequest {
  /** How many commands the agent can take. */
  readonly limit: number;
  /** How long the agent waits for one, in seconds. */
  readonly wait: number;
  /** The commands it has and has not answered; undefined when it keeps no record of them. */
  readonly holding?: readonly CommandId[];
}

/** Hands commands to the agents that poll: at once if any are pending, else as soon as one is, while the poll waits. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly claims: ClaimsService,
    private readonly claimed: ClaimedCommands,
    private readonly cache: DispatchCache,
    private readonly parked: ParkedPolls,
    private readonly liveness: AgentLiveness,
    private readonly tokens: AgentTokensService,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Claims up to `limit` commands for the agent, oldest first, each now RUNNING; they become pending again if the
   * response is lost. An agent that says what it is `holding` gets what it lost again. An older poll of the agent ends
   * with nothing. The poll counts as a sign of life. @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED
   */
  async poll(agent: AgentActor, request: PollRequest, delivery: ResponseDelivery): Promise<AgentCommand[]> {
    const turn = this.parked.begin(agent);
    this.telemetry.recordPoll();
    try {
      await this.liveness.markSeen(agent);
      const claimed = (await this.#claimLost(agent, request)) ?? (await this.#claimNext(turn, request, delivery));
      if (claimed.length > 0) delivery.onAborted(() => void this.claims.returnUndelivered(agent, claimed));
      return claimed;
    } finally {
      this.parked.finish(turn);
    }
  }

  /** Hands out again what the agent has claimed and does not hold; null when there is nothing of the kind. */
  async #claimLost(agent: AgentActor, { limit, holding }: PollRequest): Promise<AgentCommand[] | null> {
    if (holding === undefined) return null;
    const lost = await this.claimed.lost(agent.id, holding);
    if (lost.length === 0) return null;
    const claimed = await this.claims.claim(agent, { limit, isJournaled: true, lost });
    // Some may have ended without this process hearing of it, or were claimed by the agent when it kept no journal.
    this.claimed.forget(agent.id);
    return claimed.length > 0 ? claimed : null;
  }

  async #claimNext(turn: PollTurn, request: PollRequest, delivery: ResponseDelivery): Promise<AgentCommand[]> {
    if (request.wait > 0) return this.#waitAndClaim(turn, request, delivery);
    return (await this.cache.mayHaveCommands(turn.agent.id)) ? this.claims.claim(turn.agent, toClaim(request)) : [];
  }

  /** Parks each time before it checks for commands, so that one created after the check wakes the poll. */
  async #waitAndClaim(turn: PollTurn, request: PollRequest, delivery: ResponseDelivery): Promise<AgentCommand[]> {
    const { agent } = turn;
    const endsAt = performance.now() + request.wait * 1000;
    let wasWoken = false;
    while (performance.now() < endsAt && !delivery.isAborted) {
      const parked = this.parked.park(turn, endsAt);
      delivery.onAborted(parked.release);
      const mayHave = wasWoken || (await this.cache.mayHaveCommands(agent.id));
      const claimed = mayHave ? await this.claims.claim(agent, toClaim(request)) : [];
      if (claimed.length > 0) {
        parked.release();
        return claimed;
      }
      // A command was cancelled before the poll was parked. An early answer triggers the heartbeat that says which one.
      if (await this.cache.hasUnannounced(agent.id)) parked.release();
      if ((await parked.wokenUp) === 'nothing') return [];
      // The token may have been revoked while the poll was parked, and the agent may have said that it leaves.
      const { status } = assertAdmitted(await this.tokens.findAgent(agent.tokenHash));
      if (status === 'OFFLINE') return [];
      wasWoken = true;
    }
    return [];
  }
}

const toClaim = ({ limit, holding }: PollRequest): ClaimRequest => ({ limit, isJournaled: holding !== undefined });
