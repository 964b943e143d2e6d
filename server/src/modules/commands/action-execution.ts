import { Injectable } from '@nestjs/common';
import {
  REDACTED,
  type CapsuleServiceId,
  type Command,
  type CommandId,
  type ExecuteActionRequest,
  type JsonObject,
} from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { concerned } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { ActionTargets, type ActionTarget } from './action-targets.js';
import { CommandIssuer } from './command-issuer.js';
import { isRetryable } from './command-lifecycle.js';
import type { CommandEntity } from './command.entity.js';
import {
  actionPayloadInvalid,
  actionRequiresConfirmation,
  commandNotFound,
  commandNotRetryable,
} from './command.errors.js';
import { toCommand } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';
import { payloadIssues } from './payload-schema.js';

/** Runs declared actions: creates their ACTION_EXECUTE commands. */
@Injectable()
export class ActionExecution {
  constructor(
    private readonly db: Database,
    private readonly targets: ActionTargets,
    private readonly issuer: CommandIssuer,
    private readonly commands: CommandsRepository,
    private readonly audit: AuditService,
    private readonly config: AppConfig,
  ) {}

  /**
   * Creates the command of an action.
   * @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED, ACTION_REQUIRES_CONFIRMATION,
   * ACTION_PAYLOAD_INVALID and the agent's states (409), in this order
   */
  async execute(
    actor: UserActor,
    serviceId: CapsuleServiceId,
    name: string,
    request: ExecuteActionRequest,
  ): Promise<Command> {
    return this.db.transaction(async (tx) => {
      const found = await this.targets.get(tx, serviceId, name);
      if (found.action.requiresConfirmation && request.confirmation !== true) throw actionRequiresConfirmation(name);
      const schema = await this.targets.schemaFor(tx, found, request.prepareCommandId);
      const command = await this.#issue(tx, actor, found, { schema, payload: request.payload ?? {} });
      await this.audit.record(tx, {
        actor,
        action: 'service.action.requested',
        target: { type: 'CapsuleService', id: serviceId },
        message: `${actor.username} ran ${name} on service ${found.target.service.code}.`,
        metadata: { actionName: name, commandId: command.id, dangerLevel: found.action.dangerLevel },
      });
      return toCommand(command);
    });
  }

  /**
   * Creates the same command again; it passes the same checks, confirmation apart.
   * @throws COMMAND_NOT_FOUND
   * @throws COMMAND_NOT_RETRYABLE for a prepare, for one that is open or succeeded, and for one that had secrets, which are erased
   */
  async retry(actor: UserActor, id: CommandId): Promise<Command> {
    return this.db.transaction(async (tx) => {
      const original = await this.commands.findById(id, tx);
      if (!original) throw commandNotFound(id);
      refuseRetry(original);
      const found = await this.targets.get(tx, original.serviceId, original.actionName);
      const content = { schema: found.action.inputSchema, payload: original.payload, retryOfCommandId: id };
      const command = await this.#issue(tx, actor, found, content);
      await this.audit.record(tx, {
        actor,
        action: 'command.retried',
        target: { type: 'Command', id },
        concerns: concerned(original),
        message: `${actor.username} retried ${original.actionName} on service ${found.target.service.code}.`,
        metadata: { actionName: original.actionName, newCommandId: command.id },
      });
      return toCommand(command);
    });
  }

  #issue(
    tx: Tx,
    actor: UserActor,
    { target, action }: ActionTarget,
    content: { schema: JsonObject | null; payload: JsonObject; retryOfCommandId?: CommandId },
  ): Promise<CommandEntity> {
    const issues = payloadIssues(content.schema, content.payload);
    if (issues.length > 0) throw actionPayloadInvalid(issues);
    const ttlSeconds = action.timeoutSeconds ?? this.config.commandTtlSeconds;
    return this.issuer.issue(tx, actor, { type: 'ACTION_EXECUTE', target, action, ttlSeconds, ...content });
  }
}

const refuseRetry = (command: CommandEntity): void => {
  if (command.type !== 'ACTION_EXECUTE') throw commandNotRetryable('it only prepared an action.');
  if (!isRetryable(command.status)) throw commandNotRetryable(`it is ${command.status}.`);
  if (JSON.stringify(command.payload).includes(REDACTED)) {
    throw commandNotRetryable('it carried secrets, which were erased at its end; run the action anew.');
  }
};
