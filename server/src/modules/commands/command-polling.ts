import { Injectable } from '@nestjs/common';
import type { AgentCommand } from '#contracts';
import type { Delivery } from '../../common/http/delivery.js';
import type { AgentActor } from '../../common/http/identity.js';
import { AgentCredentials, letIn } from '../agents/agent-credentials.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { CancelNotices } from './cancel-notices.js';
import { CommandDispatch } from './command-dispatch.js';
import { ParkedPolls } from './parked-polls.js';
import { WaitingCommands } from './waiting-commands.js';

export interface PollRequest {
  /** How many commands the agent can take. */
  readonly limit: number;
  /** How long it waits for one, in seconds. */
  readonly wait: number;
}

/** Answers agents that ask for work: at once if there is some, else when there is, for as long as they wait. */
@Injectable()
export class CommandPolling {
  constructor(
    private readonly liveness: AgentLiveness,
    private readonly waiting: WaitingCommands,
    private readonly parked: ParkedPolls,
    private readonly dispatch: CommandDispatch,
    private readonly notices: CancelNotices,
    private readonly credentials: AgentCredentials,
  ) {}

  /**
   * Gives the agent up to `limit` commands, oldest first, each now RUNNING; they wait again if the answer is lost. The
   * poll counts as a sign of life. @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED
   */
  async poll(agent: AgentActor, { limit, wait }: PollRequest, delivery: Delivery): Promise<AgentCommand[]> {
    await this.liveness.markSeen(agent);
    const claimed = await (wait > 0
      ? this.#claimWhenThere(agent, limit, performance.now() + wait * 1000, delivery)
      : this.#claimNow(agent, limit));
    if (claimed.length > 0) delivery.onLost(() => void this.dispatch.putBack(agent, claimed));
    return claimed;
  }

  async #claimNow(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return (await this.waiting.mayBeThere(agent.id)) ? this.dispatch.claim(agent, limit) : [];
  }

  /** Parks before it looks, each time: what comes after the look wakes it. */
  async #claimWhenThere(agent: AgentActor, limit: number, endsAt: number, delivery: Delivery): Promise<AgentCommand[]> {
    let wasWoken = false;
    while (performance.now() < endsAt && !delivery.isLost) {
      const parked = this.parked.park(agent, endsAt);
      delivery.onLost(parked.release);
      if (wasWoken || (await this.waiting.mayBeThere(agent.id))) {
        const claimed = await this.dispatch.claim(agent, limit);
        if (claimed.length > 0) parked.release();
        if (claimed.length > 0) return claimed;
      }
      // A command was cancelled before the poll was parked: the heartbeat that follows an early answer says which.
      if (await this.notices.hasUntold(agent.id)) parked.release();
      if ((await parked.wokenUp) === 'nothing') return [];
      // The token it showed may have come to its end meanwhile.
      letIn(await this.credentials.find(agent.tokenHash));
      wasWoken = true;
    }
    return [];
  }
}
