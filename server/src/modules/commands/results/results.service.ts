import { Injectable } from '@nestjs/common';
import type { CommandId, CommandResult, CommandResultRequest } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { CommandExpiry } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { commandAlreadyCompleted, commandExpired, commandNotFound, commandResultTooLarge } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import { type CommandResultEntity, toCommandResult } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';
import { OneTimeKeys } from './one-time-keys.js';
import { commandError, resultBytes, type ResultContent, toResultContent } from './result-content.js';

/** Gives results their id and time. */
@Injectable()
export class ResultStamp {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  row(commandId: CommandId, content: ResultContent, late: boolean): CommandResultEntity {
    return {
      id: this.ids.make('crs'),
      commandId,
      ...content,
      sealedKey: null,
      keyExpiresAt: null,
      reportedAt: this.clock.now(),
      late,
    };
  }
}

/** Writes results and what follows from them. */
@Injectable()
export class ResultLog {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly keys: OneTimeKeys,
    private readonly audit: AuditService,
    private readonly stamp: ResultStamp,
  ) {}

  find(tx: Tx, id: CommandId): Promise<CommandResultEntity | null> {
    return this.results.findByCommand(id, tx);
  }

  /** Ends a running command with its result; null when another call ended it first. */
  async end(
    tx: Tx,
    agent: AgentActor,
    command: CommandEntity,
    request: CommandResultRequest,
    content: ResultContent,
  ): Promise<CommandResultEntity | null> {
    const status = content.success ? 'SUCCEEDED' : 'FAILED';
    const ending = { status, completedAt: this.stamp.now(), ...commandError(content.error) } as const;
    if (!(await this.commands.end(command.id, ['RUNNING'], ending, tx))) return null;
    const result = { ...this.stamp.row(command.id, content, false), ...this.keys.seal(command.id, request.data) };
    await this.results.insert(result, tx);
    await this.audit.record(tx, {
      actor: agent,
      action: content.success ? 'command.completed' : 'command.failed',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      result: content.success ? 'SUCCESS' : 'FAILURE',
      message: `${command.actionName} ${content.success ? 'succeeded' : 'failed'} on agent ${agent.code}.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId, ...commandError(content.error) },
    });
    return result;
  }

  /** Keeps a result that came after its command had expired. */
  async keepLate(tx: Tx, agent: AgentActor, command: CommandEntity, content: ResultContent): Promise<void> {
    await this.results.insert(this.stamp.row(command.id, content, true), tx);
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.late_result.received',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      message: `The result of ${command.actionName} came after the command had expired.`,
      metadata: { actionName: command.actionName, success: content.success },
    });
  }
}

/** Takes the results of commands: one each, whatever arrives at once, again or late. */
@Injectable()
export class ResultsService {
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
  async submit(agent: AgentActor, id: CommandId, request: CommandResultRequest): Promise<CommandResult> {
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
