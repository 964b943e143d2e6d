import { Injectable } from '@nestjs/common';
import {
  type CapsuleServiceId,
  type Command,
  type CommandId,
  type ExecuteActionRequest,
  type JsonObject,
  REDACTED,
  type ValidationIssue,
} from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { validationFailed } from '../../../common/errors.js';
import type { Tx } from '../../../database/tx.js';
import type { ActionTarget } from '../../agents/services/capsule-service.mapper.js';
import { CapsuleServicesService } from '../../agents/services/capsule-services.service.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { isRetryable } from '../command-lifecycle.js';
import type { CommandEntity } from '../command.entity.js';
import {
  actionPayloadInvalid,
  actionRequiresConfirmation,
  commandNotFound,
  commandNotRetryable,
} from '../command.errors.js';
import { toCommand } from '../command.mapper.js';
import { CommandsRepository } from '../commands.repository.js';
import { CommandResultsRepository } from '../results/command-results.repository.js';
import { CommandCreationService } from './command-creation.service.js';
import { preparedSchema } from './prepared-data.js';

/** Which action of which service. */
interface ActionAddress {
  readonly id: CapsuleServiceId;
  readonly name: string;
}

/** Creates the commands that run declared actions. */
@Injectable()
export class ActionsService {
  constructor(
    private readonly creation: CommandCreationService,
    private readonly services: CapsuleServicesService,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly audit: AuditService,
  ) {}

  /**
   * Creates the command that runs an action; repeating the request under the same key returns the same command.
   * @throws IDEMPOTENCY_KEY_REUSED before anything else
   * @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED, ACTION_REQUIRES_CONFIRMATION,
   * ACTION_PAYLOAD_INVALID and the agent's states (409), in this order
   */
  async execute(
    actor: UserActor,
    { id: serviceId, name }: ActionAddress,
    request: ExecuteActionRequest,
    key: string | null,
  ): Promise<Command> {
    const content = { serviceId, action: name, request };
    const command = await this.creation.createOnce({ actor, key, content }, async (tx, issuesOf) => {
      const found = await this.services.getAction(tx, serviceId, name);
      if (found.action.requiresConfirmation && request.confirmation !== true) throw actionRequiresConfirmation(name);
      const schema = await this.#schemaFor(tx, found, request.prepareCommandId);
      const payload = request.payload ?? {};
      refuseIssues(issuesOf(schema, payload));
      const command = await this.#create(tx, actor, found, { schema, payload });
      await this.audit.record(tx, {
        actor,
        action: 'service.action.requested',
        target: { type: 'CapsuleService', id: serviceId },
        message: `${actor.username} ran ${name} on service ${found.target.service.code}.`,
        metadata: { actionName: name, commandId: command.id, dangerLevel: found.action.dangerLevel },
      });
      return command;
    });
    return toCommand(command);
  }

  /**
   * Creates the same command again, after the same checks except confirmation; repeating the request under the same key
   * returns the same command.
   * @throws IDEMPOTENCY_KEY_REUSED before anything else
   * @throws COMMAND_NOT_FOUND
   * @throws COMMAND_NOT_RETRYABLE for a prepare, for one that is open or succeeded, and for one whose secrets are erased
   */
  async retry(actor: UserActor, id: CommandId, key: string | null): Promise<Command> {
    const command = await this.creation.createOnce({ actor, key, content: { retryOf: id } }, async (tx, issuesOf) => {
      const original = await this.commands.findById(id, tx);
      if (!original) throw commandNotFound(id);
      refuseRetry(original);
      const found = await this.services.getAction(tx, original.serviceId, original.actionName);
      const content = { schema: found.action.inputSchema, payload: original.payload, retryOfCommandId: id };
      refuseIssues(issuesOf(content.schema, content.payload));
      const command = await this.#create(tx, actor, found, content);
      await this.audit.record(tx, {
        actor,
        action: 'command.retried',
        target: { type: 'Command', id },
        related: relatedTo(original),
        message: `${actor.username} retried ${original.actionName} on service ${found.target.service.code}.`,
        metadata: { actionName: original.actionName, newCommandId: command.id },
      });
      return command;
    });
    return toCommand(command);
  }

  #create(
    tx: Tx,
    actor: UserActor,
    { target, action }: ActionTarget,
    content: { schema: JsonObject | null; payload: JsonObject; retryOfCommandId?: CommandId },
  ): Promise<CommandEntity> {
    const newCommand = { type: 'ACTION_EXECUTE', target, action, ...content } as const;
    return this.creation.create(tx, { actedBy: actor, onBehalfOf: actor }, newCommand);
  }

  /** The schema the payload must match: that of the prepare, if one is named. @throws VALIDATION_FAILED */
  async #schemaFor(tx: Tx, { target, action }: ActionTarget, prepareId?: CommandId): Promise<JsonObject | null> {
    if (prepareId === undefined) return action.inputSchema;
    const prepare = await this.commands.findById(prepareId, tx);
    const isUsable =
      prepare?.type === 'ACTION_PREPARE' &&
      prepare.status === 'SUCCEEDED' &&
      prepare.serviceId === target.service.id &&
      prepare.actionName === action.name;
    if (!isUsable) {
      const message = 'prepareCommandId must name a succeeded prepare of this action';
      throw validationFailed([{ path: 'prepareCommandId', message }]);
    }
    const result = await this.results.findByCommand(prepareId, tx);
    return preparedSchema(result?.data ?? null) ?? action.inputSchema;
  }
}

const refuseIssues = (issues: readonly ValidationIssue[]): void => {
  if (issues.length > 0) throw actionPayloadInvalid(issues);
};

const refuseRetry = (command: CommandEntity): void => {
  if (command.type !== 'ACTION_EXECUTE') throw commandNotRetryable('it only prepared an action.');
  if (!isRetryable(command.status)) throw commandNotRetryable(`it is ${command.status}.`);
  if (JSON.stringify(command.payload).includes(REDACTED)) {
    throw commandNotRetryable('its secrets were erased when it ended; run the action again instead.');
  }
};
