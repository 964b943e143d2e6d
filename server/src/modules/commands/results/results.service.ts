import { Injectable } from '@nestjs/common';
import type { CommandId, CommandResult, CommandResultRequest } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { retryOnUniqueViolation } from '../../database/retry-on-unique-violation.js';
import type { Tx } from '../../database/tx.js';
import { CommandExpiry } from './command-expiry.js';
import type { CommandEntity } from './command.entity.js';
import { commandAlreadyCompleted, commandExpired, commandNotFound, commandResultTooLarge } from './command.errors.js';
import { toCommandResult } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';
import { resultBytes, toResultContent, type ResultContent } from './result-content.js';
import { ResultLog } from './result-log.js';

/** Takes the results of commands: one each, whatever arrives at once, again or late. */
@Injectable()
export class CommandCompletion {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly expiry: CommandExpiry,
    private readonly log: ResultLog,
    private readonly config: AppConfig,
  ) {}

  /**
   * Ends the agent's command with this result and returns it as stored; the same result again is answered the same.
   * @throws COMMAND_NOT_FOUND for another agent's too, and for one that no poll has taken
   * @throws COMMAND_ALREADY_COMPLETED when it ended with another result, or was cancelled
   * @throws COMMAND_EXPIRED when it is late; the result is kept all the same
   * @throws COMMAND_RESULT_TOO_LARGE
   */
  async complete(agent: AgentActor, id: CommandId, request: CommandResultRequest): Promise<CommandResult> {
    const { commandResultMaxBytes } = this.config;
    if (resultBytes(request) > commandResultMaxBytes) throw commandResultTooLarge(commandResultMaxBytes);
    const content = toResultContent(request);
    const stored = await retryOnUniqueViolation(() =>
      this.db.transaction((tx) => this.#complete(tx, agent, id, request, content)),
    );
    // After the commit, so that the late result is kept.
    if (!stored) throw commandExpired();
    return stored;
  }

  /** The stored result; null when the command has expired. */
  async #complete(
    tx: Tx,
    agent: AgentActor,
    id: CommandId,
    request: CommandResultRequest,
    content: ResultContent,
  ): Promise<CommandResult | null> {
    const command = await this.commands.findOfAgent(id, agent.id, tx);
    if (!command || command.status === 'PENDING') throw commandNotFound(id);
    if (command.status === 'RUNNING' && this.expiry.isOverdue(command)) await this.expiry.expire(tx, command);
    else if (command.status === 'RUNNING') {
      const result = await this.log.end(tx, agent, command, request, content);
      if (result) return toCommandResult(result);
    }
    return this.#afterTheEnd(tx, agent, command, content);
  }

  async #afterTheEnd(
    tx: Tx,
    agent: AgentActor,
    { id }: CommandEntity,
    content: ResultContent,
  ): Promise<CommandResult | null> {
    const ended = await this.commands.findById(id, tx);
    const result = await this.log.find(tx, id);
    if (ended?.status === 'EXPIRED') {
      if (!result) await this.log.keepLate(tx, agent, ended, content);
      return null;
    }
    if (result?.contentHash === content.contentHash) return toCommandResult(result);
    throw commandAlreadyCompleted(ended?.status ?? 'gone');
  }
}
