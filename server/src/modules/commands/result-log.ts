import { Injectable } from '@nestjs/common';
import type { CommandId, CommandResultRequest } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import type { Tx } from '../../database/tx.js';
import { concerned } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import type { CommandResultEntity } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';
import { OneTimeKeys } from './one-time-keys.js';
import { liftedError, type ResultContent } from './result-content.js';
import { ResultStamp } from './result-stamp.js';

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
    const ending = { status, completedAt: this.stamp.now(), ...liftedError(content.error) } as const;
    if (!(await this.commands.end(command.id, ['RUNNING'], ending, tx))) return null;
    const result = { ...this.stamp.row(command.id, content, false), ...this.keys.seal(command.id, request.data) };
    await this.results.insert(result, tx);
    await this.audit.record(tx, {
      actor: agent,
      action: content.success ? 'command.completed' : 'command.failed',
      target: { type: 'Command', id: command.id },
      concerns: concerned(command),
      result: content.success ? 'SUCCESS' : 'FAILURE',
      message: `${command.actionName} ${content.success ? 'succeeded' : 'failed'} on agent ${agent.code}.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId, ...liftedError(content.error) },
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
      concerns: concerned(command),
      message: `The result of ${command.actionName} came after the command had expired.`,
      metadata: { actionName: command.actionName, success: content.success },
    });
  }
}
