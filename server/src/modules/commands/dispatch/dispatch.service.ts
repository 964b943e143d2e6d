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
import { DispatchCache } from './dispatch-cache.js';
import { ParkedPolls } from './parked-polls.js';

/** What a poll asks for. */
export interface PollRequest {
  /** How many commands the agent can take. */
  readonly limit: number;
  /** How long the agent waits for one, in seconds. */
  readonly wait: number;
}

/** Hands commands to the agents that poll: at once if any are pending, else as soon as one is, while the poll waits. */
@Injectable()
export class DispatchService {
  readonly #logger = new Logger(DispatchService.name);

  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly cache: DispatchCache,
    private readonly parked: ParkedPolls,
    private readonly liveness: AgentLiveness,
    private readonly tokens: AgentTokensService,
    private readonly secrets: PayloadSecrets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Claims up to `limit` commands for the agent, oldest first, each now RUNNING; they become pending again if the
   * response is lost. The poll counts as a sign of life. @throws UNAUTHORIZED, AGENT_REVOKED, AGENT_DISABLED
   */
  async poll(agent: AgentActor, { limit, wait }: PollRequest, delivery: ResponseDelivery): Promise<AgentCommand[]> {
    await this.liveness.markSeen(agent);
    const claimed = await (wait > 0
      ? this.#waitAndClaim(agent, limit, performance.now() + wait * 1000, delivery)
      : this.#claimNow(agent, limit));
    if (claimed.length > 0) delivery.onAborted(() => void this.returnUndelivered(agent, claimed));
    return claimed;
  }

  /** Claims up to `limit` commands, oldest first; each goes to one poll only, none to a disabled or revoked agent. */
  async claim(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return this.db.transaction(async (tx) => {
      const claimable = await this.commands.listClaimable(agent.id, this.clock.now(), limit, tx);
      const claimed: AgentCommand[] = [];
      for (const command of claimable) {
        const one = await this.#claimOne(tx, agent, command);
        if (one) claimed.push(one);
      }
      return claimed;
    });
  }

  /** Makes claimed commands pending again that did not reach the agent; any that have ended by now stay ended. */
  async returnUndelivered(agent: AgentActor, claimed: readonly AgentCommand[]): Promise<void> {
    try {
      await this.db.transaction(async (tx) => {
        for (const command of claimed) await this.#returnOne(tx, agent, command);
      });
    } catch (error) {
      // They will expire with an unknown outcome: imprecise, but not wrong.
      this.#logger.error(error);
    }
  }

  async #claimNow(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return (await this.cache.mayHaveCommands(agent.id)) ? this.claim(agent, limit) : [];
  }

  /** Parks each time before it checks for commands, so that one created after the check wakes the poll. */
  async #waitAndClaim(
    agent: AgentActor,
    limit: number,
    endsAt: number,
    delivery: ResponseDelivery,
  ): Promise<AgentCommand[]> {
    let wasWoken = false;
    while (performance.now() < endsAt && !delivery.isAborted) {
      const parked = this.parked.park(agent, endsAt);
      delivery.onAborted(parked.release);
      const claimed = wasWoken || (await this.cache.mayHaveCommands(agent.id)) ? await this.claim(agent, limit) : [];
      if (claimed.length > 0) {
        parked.release();
        return claimed;
      }
      // A command was cancelled before the poll was parked. An early answer triggers the heartbeat that says which one.
      if (await this.cache.hasUnannounced(agent.id)) parked.release();
      if ((await parked.wokenUp) === 'nothing') return [];
      // The token may have been revoked while the poll was parked.
      assertAdmitted(await this.tokens.findAgent(agent.tokenHash));
      wasWoken = true;
    }
    return [];
  }

  async #claimOne(tx: Tx, agent: AgentActor, command: CommandEntity): Promise<AgentCommand | null> {
    const payload = this.secrets.open(command);
    if (!payload) {
      // It will expire as not delivered, which is true.
      this.#logger.error(
        { commandId: command.id },
        'The payload of a command is sealed with a session secret that is no longer configured; create the command again.',
      );
      return null;
    }
    const startedAt = this.clock.now();
    if (!(await this.commands.claim(command.id, startedAt, tx))) return null;
    tx.afterCommit(() => {
      this.telemetry.recordDispatch((startedAt.getTime() - command.createdAt.getTime()) / 1000);
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

  async #returnOne(tx: Tx, agent: AgentActor, command: AgentCommand): Promise<void> {
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
}
