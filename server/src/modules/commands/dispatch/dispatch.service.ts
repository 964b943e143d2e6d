import { Injectable, Logger } from '@nestjs/common';
import type { AgentCommand } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Telemetry } from '../../../common/telemetry.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import type { ResponseDelivery } from '../../../http/deferred-response.js';
import { AgentLiveness } from '../../agents/liveness/agent-liveness.js';
import { AgentTokensService, assertAdmitted } from '../../agents/tokens/agent-tokens.service.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import type { CommandEntity } from '../command.entity.js';
import { toAgentCommand } from '../command.mapper.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';
import { CancelNotices, DispatchCache } from './dispatch-cache.js';
import { ParkedPolls } from './parked-polls.js';

/** Gives commands to the agents that ask for them. */
@Injectable()
export class CommandDispatch {
  readonly #logger = new Logger(CommandDispatch.name);

  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly payloads: PayloadSecrets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly metrics: Telemetry,
  ) {}

  /** Claims up to `limit` commands, oldest first: each is given to one poll only, none to an agent that is shut out. */
  async claim(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return this.db.transaction(async (tx) => {
      const waiting = await this.commands.listClaimable(agent.id, this.clock.now(), limit, tx);
      const claimed: AgentCommand[] = [];
      for (const command of waiting) {
        const given = await this.#claim(tx, agent, command);
        if (given) claimed.push(given);
      }
      return claimed;
    });
  }

  /** Lets commands wait again whose claim did not reach the agent; those that have ended meanwhile stay ended. */
  async returnUndelivered(agent: AgentActor, claimed: readonly AgentCommand[]): Promise<void> {
    try {
      await this.db.transaction(async (tx) => {
        for (const command of claimed) await this.#putBack(tx, agent, command);
      });
    } catch (error) {
      // They end as delivered and unanswered, which may be wrong but promises nothing.
      this.#logger.error(error);
    }
  }

  async #putBack(tx: Tx, agent: AgentActor, command: AgentCommand): Promise<void> {
    if (!(await this.commands.returnUndelivered(command.id, new Date(command.startedAt), tx))) return;
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.returned',
      target: { type: 'Command', id: command.id },
      related: { agentId: agent.id, serviceId: command.serviceId },
      result: 'FAILURE',
      message: `${command.actionName} did not reach agent ${agent.code} and waits again.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId },
    });
  }

  async #claim(tx: Tx, agent: AgentActor, command: CommandEntity): Promise<AgentCommand | null> {
    const payload = this.payloads.open(command);
    if (!payload) {
      // The secret it was sealed with is gone. It expires as undelivered, which is the truth.
      this.#logger.error(
        { commandId: command.id },
        'The payload of a command cannot be opened with any session secret.',
      );
      return null;
    }
    const startedAt = this.clock.now();
    if (!(await this.commands.claim(command.id, startedAt, tx))) return null;
    tx.afterCommit(() => {
      this.metrics.recordDispatch((startedAt.getTime() - command.createdAt.getTime()) / 1000);
    });
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.dispatched',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      message: `Agent ${agent.code} took ${command.actionName}.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId },
    });
    return toAgentCommand(command, payload, startedAt);
  }
}

export interface PollRequest {
  /** How many commands the agent can take. */
  readonly limit: number;
  /** How long it waits for one, in seconds. */
  readonly wait: number;
}

/** Answers agents that ask for work: at once if there is some, else when there is, for as long as they wait. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly liveness: AgentLiveness,
    private readonly waiting: DispatchCache,
    private readonly parked: ParkedPolls,
    private readonly dispatch: CommandDispatch,
    private readonly notices: CancelNotices,
    private readonly credentials: AgentTokensService,
  ) {}

  /**
   * Gives the agent up to `limit` commands, oldest first, each now RUNNING; they wait again if the answer is lost. The
   * poll counts as a sign of life. @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED
   */
  async poll(agent: AgentActor, { limit, wait }: PollRequest, delivery: ResponseDelivery): Promise<AgentCommand[]> {
    await this.liveness.markSeen(agent);
    const claimed = await (wait > 0
      ? this.#claimWhenThere(agent, limit, performance.now() + wait * 1000, delivery)
      : this.#claimNow(agent, limit));
    if (claimed.length > 0) delivery.onAborted(() => void this.dispatch.returnUndelivered(agent, claimed));
    return claimed;
  }

  async #claimNow(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return (await this.waiting.mayHaveCommands(agent.id)) ? this.dispatch.claim(agent, limit) : [];
  }

  /** Parks before it looks, each time: what comes after the look wakes it. */
  async #claimWhenThere(
    agent: AgentActor,
    limit: number,
    endsAt: number,
    delivery: ResponseDelivery,
  ): Promise<AgentCommand[]> {
    let wasWoken = false;
    while (performance.now() < endsAt && !delivery.isAborted) {
      const parked = this.parked.park(agent, endsAt);
      delivery.onAborted(parked.release);
      if (wasWoken || (await this.waiting.mayHaveCommands(agent.id))) {
        const claimed = await this.dispatch.claim(agent, limit);
        if (claimed.length > 0) parked.release();
        if (claimed.length > 0) return claimed;
      }
      // A command was cancelled before the poll was parked: the heartbeat that follows an early answer says which.
      if (await this.notices.hasUnannounced(agent.id)) parked.release();
      if ((await parked.wokenUp) === 'nothing') return [];
      // The token it showed may have come to its end meanwhile.
      assertAdmitted(await this.credentials.findAgent(agent.tokenHash));
      wasWoken = true;
    }
    return [];
  }
}
