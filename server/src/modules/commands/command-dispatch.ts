import { Injectable, Logger } from '@nestjs/common';
import type { AgentCommand } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { AuditService } from '../audit/audit.service.js';
import { CommandPayloads } from './command-payloads.js';
import type { CommandEntity } from './command.entity.js';
import { toAgentCommand } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';

/** Gives commands to the agents that ask for them. */
@Injectable()
export class CommandDispatch {
  readonly #logger = new Logger(CommandDispatch.name);

  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly payloads: CommandPayloads,
    private readonly liveness: AgentLiveness,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Claims up to `limit` commands, oldest first: each is given to one poll only. The poll counts as a sign of life. */
  async poll(agent: AgentActor, limit: number): Promise<AgentCommand[]> {
    return this.db.transaction(async (tx) => {
      await this.liveness.markSeen(tx, agent);
      const waiting = await this.commands.listClaimable(agent.id, this.clock.now(), limit, tx);
      const claimed: AgentCommand[] = [];
      for (const command of waiting) {
        const given = await this.#claim(tx, agent, command);
        if (given) claimed.push(given);
      }
      return claimed;
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
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.dispatched',
      target: { type: 'Command', id: command.id },
      message: `Agent ${agent.code} took ${command.actionName}.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId },
    });
    return toAgentCommand(command, payload, startedAt);
  }
}
