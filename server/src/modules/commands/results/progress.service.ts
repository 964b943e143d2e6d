import { Injectable } from '@nestjs/common';
import type { CommandId, CommandProgressRequest, CommandProgressResponse, CommandStatus } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { CommandExpiry } from './command-expiry.js';
import { commandAlreadyCompleted, commandExpiredWhileRunning, commandNotFound } from './command.errors.js';
import { CommandsRepository } from './commands.repository.js';
import { ProgressLog } from './progress-log.js';

/** Takes what agents say while they run a command, and tells them whether to go on. */
@Injectable()
export class CommandProgressReports {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly expiry: CommandExpiry,
    private readonly liveness: AgentLiveness,
    private readonly log: ProgressLog,
  ) {}

  /**
   * Adds the report to the progress of the agent's running command; of a cancelled one nothing is stored. A sign of life.
   * @throws COMMAND_NOT_FOUND for another agent's too, and for one that no poll has taken
   * @throws COMMAND_EXPIRED when its time is over
   * @throws COMMAND_ALREADY_COMPLETED when it has its result
   */
  async take(agent: AgentActor, id: CommandId, report: CommandProgressRequest): Promise<CommandProgressResponse> {
    await this.liveness.markSeen(agent);
    const status = await this.db.transaction((tx) => this.#take(tx, agent, id, report));
    // After the commit, so that the sign of life and an expiry are kept.
    return answerFor(id, status);
  }

  /** The status the command is in then; null when the agent has no such command. */
  async #take(tx: Tx, agent: AgentActor, id: CommandId, report: CommandProgressRequest): Promise<CommandStatus | null> {
    const command = await this.commands.holdOfAgent(id, agent.id, tx);
    if (command?.status !== 'RUNNING') return command?.status ?? null;
    if (this.expiry.isOverdue(command)) {
      await this.expiry.expire(tx, command);
      return 'EXPIRED';
    }
    await this.log.add(tx, command, report);
    return 'RUNNING';
  }
}

const answerFor = (id: CommandId, status: CommandStatus | null): CommandProgressResponse => {
  switch (status) {
    case 'RUNNING':
      return { cancelled: false };
    case 'CANCELLED':
      return { cancelled: true };
    case 'EXPIRED':
      throw commandExpiredWhileRunning();
    case 'SUCCEEDED':
    case 'FAILED':
      throw commandAlreadyCompleted(status);
    case 'PENDING':
    case null:
      throw commandNotFound(id);
  }
};
