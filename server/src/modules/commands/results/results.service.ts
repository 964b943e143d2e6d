import { Injectable } from '@nestjs/common';
import type { CommandId, CommandResult, CommandResultRequest, SubmittedResult } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import { Telemetry } from '../../../common/telemetry.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { type CleaningWarning, cleaningOf, warningsField } from '../../../http/validation/cleaning.js';
import { AgentWarningsService } from '../../agents/agent-warnings.service.js';
import { AgentLiveness } from '../../agents/liveness/agent-liveness.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { CommandExpiryService } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { commandAlreadyCompleted, commandNotFound, commandResultTooLarge } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';
import { type CommandResultEntity, toCommandResult } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';
import { OneTimeKeys } from './one-time-keys.js';
import { commandError, hideSecrets, resultBytes, type ResultContent, toResultContent } from './result-content.js';

/** A result as it arrives, and its columns, without the secrets of its command. */
interface Submission {
  readonly request: CommandResultRequest;
  readonly content: ResultContent;
  /** Of the result as it arrived, but for what redaction hides: the same result has it again when the command's secrets are erased. */
  readonly hash: string;
  /** Its texts were not kept, because the secrets that they may repeat are erased. */
  readonly isWordless: boolean;
}

const WORDLESS: CleaningWarning = {
  path: '',
  message: 'the texts of this result were not kept: the command had ended, and the secrets they may repeat are erased',
  serviceCode: null,
};

/** Stores the results of commands: one each, even when results arrive at the same time, repeatedly or late. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly expiry: CommandExpiryService,
    private readonly keys: OneTimeKeys,
    private readonly payloadSecrets: PayloadSecrets,
    private readonly warnings: AgentWarningsService,
    private readonly liveness: AgentLiveness,
    private readonly audit: AuditService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Ends the agent's command with this result and returns it as stored; repeating the same result returns the same. The
   * first result of a command that has expired or was cancelled is kept and marked `late`; it does not change the status.
   * @throws COMMAND_NOT_FOUND also for a command of another agent, and for one that no poll has claimed
   * @throws COMMAND_ALREADY_COMPLETED when it ended with another result
   * @throws COMMAND_RESULT_TOO_LARGE
   */
  async submit(agent: AgentActor, id: CommandId, request: CommandResultRequest): Promise<SubmittedResult> {
    const { commandResultMaxBytes } = this.config;
    if (resultBytes(request) > commandResultMaxBytes) {
      this.telemetry.recordOversizedResult();
      throw commandResultTooLarge(commandResultMaxBytes);
    }
    const warnings: CleaningWarning[] = [];
    const stored = await retryOnUniqueViolation(() =>
      this.db.transaction((tx) => {
        warnings.length = 0;
        return this.#submit(tx, agent, id, { request, warnings });
      }),
    );
    await this.warnings.record(agent, 'command', warnings);
    return { ...stored, ...warningsField(warnings) };
  }

  /** The stored result; adds to `warnings` what could not be kept. */
  async #submit(
    tx: Tx,
    agent: AgentActor,
    id: CommandId,
    { request, warnings }: { readonly request: CommandResultRequest; readonly warnings: CleaningWarning[] },
  ): Promise<CommandResult> {
    const command = await this.commands.findOfAgent(id, agent.id, tx);
    if (!command || command.status === 'PENDING') throw commandNotFound(id);
    // Before the command ends: that erases the values that are hidden here.
    const submission = this.#read(command, request);
    const found = [...(cleaningOf(request)?.warnings ?? []), ...(submission.isWordless ? [WORDLESS] : [])];
    warnings.push(...found.map((warning) => ({ ...warning, serviceCode: command.service?.code ?? null })));
    if (command.status === 'RUNNING' && this.expiry.isOverdue(command)) await this.expiry.expire(tx, command);
    else if (command.status === 'RUNNING') {
      const result = await this.#end(tx, agent, command, submission);
      if (result) return toCommandResult(result);
    }
    return this.#resultOfEnded(tx, agent, command, submission);
  }

  #read(command: CommandEntity, request: CommandResultRequest): Submission {
    const payloadSecrets = this.payloadSecrets.valuesOf(command);
    const secrets = payloadSecrets.and(request.data?.generatedKey);
    const plain = toResultContent(request);
    if (secrets.isEmpty) return { request, content: plain, hash: plain.contentHash, isWordless: false };
    const content = toResultContent(hideSecrets(request, secrets));
    const contentHash = this.payloadSecrets.sealHash(plain.contentHash);
    const isLate = command.status === 'EXPIRED' || command.status === 'CANCELLED';
    const isWordless = isLate && !payloadSecrets.isEmpty;
    return { request, content: { ...content, contentHash }, hash: plain.contentHash, isWordless };
  }

  /** Ends the running command; null when another call ended it first. @throws AGENT_DISABLED, AGENT_REVOKED */
  async #end(
    tx: Tx,
    agent: AgentActor,
    command: CommandEntity,
    submission: Submission,
  ): Promise<CommandResultEntity | null> {
    const { content } = submission;
    const error = commandError(content.error);
    const status = content.success ? 'SUCCEEDED' : 'FAILED';
    const ending = { status, completedAt: this.clock.now(), ...error } as const;
    if (!(await this.commands.endByAgent(command.id, ending, tx))) {
      await this.liveness.markSeenIn(tx, agent);
      return null;
    }
    const result = this.#newResult(command.id, submission, false);
    await this.results.insert(result, tx);
    await this.audit.record(tx, {
      actor: agent,
      action: content.success ? 'command.completed' : 'command.failed',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      result: content.success ? 'SUCCESS' : 'FAILURE',
      message: `${command.actionName} ${content.success ? 'succeeded' : 'failed'} on agent ${agent.code}.`,
      metadata: { actionName: command.actionName, serviceId: command.serviceId, ...error },
    });
    return result;
  }

  /** The stored result of a command that another call ended; a late one is stored once. @throws COMMAND_ALREADY_COMPLETED */
  async #resultOfEnded(
    tx: Tx,
    agent: AgentActor,
    { id }: CommandEntity,
    submission: Submission,
  ): Promise<CommandResult> {
    const ended = await this.commands.findById(id, tx);
    const result = await this.results.findByCommand(id, tx);
    if (ended?.status === 'EXPIRED' || ended?.status === 'CANCELLED') {
      return toCommandResult(result ?? (await this.#keepLate(tx, agent, ended, submission)));
    }
    if (result && this.payloadSecrets.isSameHash(submission.hash, result.contentHash)) return toCommandResult(result);
    throw commandAlreadyCompleted(ended?.status ?? 'gone');
  }

  async #keepLate(
    tx: Tx,
    agent: AgentActor,
    command: CommandEntity,
    submission: Submission,
  ): Promise<CommandResultEntity> {
    const result = this.#newResult(command.id, submission, true);
    await this.results.insert(result, tx);
    const { actionName, status } = command;
    await this.audit.record(tx, {
      actor: agent,
      action: 'command.late_result.received',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      message: `The result of ${actionName} came after the command ${status === 'EXPIRED' ? 'had expired' : 'was cancelled'}.`,
      metadata: { actionName, success: result.success, status },
    });
    return result;
  }

  #newResult(commandId: CommandId, { request, content }: Submission, late: boolean): CommandResultEntity {
    return {
      id: this.ids.make('crs'),
      commandId,
      ...content,
      ...this.keys.seal(commandId, request.data),
      reportedAt: this.clock.now(),
      late,
    };
  }
}
