import { Injectable } from '@nestjs/common';
import { type CapsuleServiceId, type CommandId, type JsonObject } from '#contracts';
import { validationFailed } from '../../../common/errors.js';
import type { Tx } from '../../../database/tx.js';
import { actionNotFound, capsuleServiceNotFound } from '../../agents/agents.errors.js';
import { CapsuleServicesRepository } from '../../agents/services/capsule-services.repository.js';
import { ActionTarget } from '../../agents/services/capsule-services.service.js';
import { ServiceDetailsRepository } from '../../agents/services/service-details.repository.js';
import { actionDisabled } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import { CommandResultsRepository } from '../results/command-results.repository.js';
import { preparedSchema } from './prepared-data.js';

/** Finds what a command is for, in the order the contract checks it. */
@Injectable()
export class ActionTargets {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServiceDetailsRepository,
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
  ) {}

  /** @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED */
  async get(tx: Tx, serviceId: CapsuleServiceId, name: string): Promise<ActionTarget> {
    const target = await this.services.findWithStatus(serviceId, tx);
    if (target?.service.retiredAt !== null) throw capsuleServiceNotFound(serviceId);
    const action = await this.parts.findAction(serviceId, name, tx);
    if (!action) throw actionNotFound(name);
    if (!action.enabled) throw actionDisabled(name);
    return { target, action };
  }

  /** The schema a payload must fit: the prepared one if a prepare is named. @throws VALIDATION_FAILED */
  async schemaFor(tx: Tx, { target, action }: ActionTarget, prepareId?: CommandId): Promise<JsonObject | null> {
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
