import { Injectable, Logger } from '@nestjs/common';
import type { AgentCommand, CommandId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Telemetry } from '../../../common/telemetry.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { CommandClocks } from '../command-clocks.js';
import { CommandExpiryService } from '../command-expiry.service.js';
import { NOT_DELIVERED, UNDELIVERABLE } from '../command-lifecycle.js';
import type { CommandEntity } from '../command.entity.js';
import { type Claim, toAgentCommand } from '../command.mapper.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';

/** How a claim ended: the command for the agent, nothing because another poll has it, or the end of the command. */
type ClaimOutcome = AgentCommand | 'taken' | 'ended';

/** What a poll takes. */
export interface ClaimRequest {
  /** How many commands at most. */
  readonly limit: number;
  /** Whether the agent said what it holds: only then can it be asked later whether a delivery was lost. */
  readonly isJournaled: boolean;
  /** Commands whose delivery was lost; none by default. */
  readonly lost?: readonly CommandId[];
}

interface Claimant extends Pick<ClaimRequest, 'isJournaled'> {
  readonly agent: AgentActor;
}

/** Moves commands to RUNNING for the poll that takes them, and back when its response is lost. */
@Injectable()
export class ClaimsService {
  readonly #logger = new Logger(ClaimsService.name);

  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly clocks: CommandClocks,
    private readonly expiry: CommandExpiryService,
    private readonly secrets: PayloadSecrets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Claims up to `limit` commands, oldest first: those of `lost` whose delivery failed, then pending ones. Each goes to one
   * poll only, none to a disabled or revoked agent. A command that cannot be delivered any more ends instead.
   */
  async claim(agent: AgentActor, { limit, isJournaled, lost = [] }: ClaimRequest): Promise<AgentCommand[]> {
    const claimant = { agent, isJournaled };
    return this.db.transaction(async (tx) => {
      const again = lost.length === 0 ? [] : await this.#claimLost(tx, claimant, lost, limit);
      return [...again, ...(await this.#claimPending(tx, claimant, limit - again.length))];
    });
  }

  /**
   * Makes claimed commands pending again that did not reach the agent, or ends one that has waited long enough; any that
   * have ended by now stay ended.
   */
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

  async #claimLost(tx: Tx, claimant: Claimant, lost: readonly CommandId[], limit: number): Promise<AgentCommand[]> {
    const claimed: AgentCommand[] = [];
    for (const command of await this.commands.listClaimed(claimant.agent.id, lost, limit, tx)) {
      const isOverdue = this.clocks.waitsUntil(command) <= this.clock.now();
      const outcome = isOverdue
        ? await this.#end(tx, command, NOT_DELIVERED)
        : await this.#claimOne(tx, claimant, command, true);
      if (typeof outcome === 'object') claimed.push({ ...outcome, redelivered: true });
    }
    return claimed;
  }

  async #claimPending(tx: Tx, claimant: Claimant, limit: number): Promise<AgentCommand[]> {
    const claimed: AgentCommand[] = [];
    for (let hasMore = true; hasMore && claimed.length < limit;) {
      hasMore = false;
      const room = limit - claimed.length;
      for (const command of await this.commands.listClaimable(claimant.agent.id, this.clock.now(), room, tx)) {
        const outcome = await this.#claimOne(tx, claimant, command, false);
        if (typeof outcome === 'object') claimed.push(outcome);
        // One that ended took the place of one behind it.
        else if (outcome === 'ended') hasMore = true;
      }
    }
    return claimed;
  }

  async #claimOne(tx: Tx, claimant: Claimant, command: CommandEntity, isAgain: boolean): Promise<ClaimOutcome> {
    const { agent, isJournaled } = claimant;
    const payload = this.secrets.open(command);
    if (!payload) return this.#end(tx, command, UNDELIVERABLE);
    const startedAt = this.clock.now();
    const expiresAt = this.clocks.runsUntil(command, startedAt);
    const claimed = { startedAt, expiresAt, isJournaled };
    const isMine = isAgain
      ? await this.commands.claimAgain(command, claimed, tx)
      : await this.commands.claim(command.id, claimed, tx);
    if (!isMine) return 'taken';
    const waitedMs = startedAt.getTime() - command.createdAt.getTime();
    if (!isAgain) {
      tx.afterCommit(() => {
        this.telemetry.recordDispatch(waitedMs / 1000);
      });
    }
    await this.#recordDispatch(tx, agent, command, isAgain);
    return toAgentCommand({ command, payload, startedAt, expiresAt } satisfies Claim);
  }

  async #end(tx: Tx, command: CommandEntity, outcome: typeof NOT_DELIVERED): Promise<'taken' | 'ended'> {
    return (await this.expiry.expire(tx, command, outcome)) ? 'ended' : 'taken';
  }

  #recordDispatch(tx: Tx, agent: AgentActor, command: CommandEntity, isAgain: boolean): Promise<void> {
    const { actionName, serviceId } = command;
    return this.audit.record(tx, {
      actor: agent,
      action: 'command.dispatched',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      message: isAgain
        ? `Agent ${agent.code} took ${actionName} again: it does not hold it, so the first delivery was lost.`
        : `Agent ${agent.code} took ${actionName}.`,
      metadata: { actionName, serviceId, ...(isAgain && { redelivered: true }) },
    });
  }

  async #returnOne(tx: Tx, agent: AgentActor, { id, startedAt }: AgentCommand): Promise<void> {
    const command = await this.commands.findById(id, tx);
    if (!command) return;
    const waitsUntil = this.clocks.waitsUntil(command);
    if (!(await this.commands.returnUndelivered(id, new Date(startedAt), waitsUntil, tx))) return;
    const { actionName, serviceId } = command;
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.returned',
      target: { type: 'Command', id },
      related: relatedTo(command),
      result: 'FAILURE',
      message: `${actionName} did not reach agent ${agent.code} and waits again.`,
      metadata: { actionName, serviceId },
    });
    const pending: CommandEntity = { ...command, status: 'PENDING', startedAt: null, expiresAt: waitsUntil };
    if (this.expiry.isOverdue(pending)) await this.expiry.expire(tx, pending);
  }
}
