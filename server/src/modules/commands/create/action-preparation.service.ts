import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, CommandId, PreparedAction } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import { toServiceAction } from '../../agents/services/capsule-service.mapper.js';
import { CapsuleServicesService } from '../../agents/services/capsule-services.service.js';
import type { ServiceActionEntity } from '../../agents/services/service-action.entity.js';
import { AuditService } from '../../audit/audit.service.js';
import { PREPARE_SECONDS } from '../command-clocks.js';
import { CommandExpiryService } from '../command-expiry.service.js';
import { prepareFailed, prepareTimeout } from '../command.errors.js';
import { toCommand } from '../command.mapper.js';
import { CommandsService } from '../commands.service.js';
import { CommandCreationService } from './command-creation.service.js';
import { CommandWaiters } from './command-waiters.js';
import { preparedPayload, preparedSchema, preparedState } from './prepared-data.js';

/** A prepare under way. */
interface Preparation {
  readonly commandId: CommandId;
  readonly action: ServiceActionEntity;
  readonly ended: Promise<boolean>;
}

/** Asks an agent for the initial values of an action's form, and waits for its answer. */
@Injectable()
export class ActionPreparationService {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesService,
    private readonly creation: CommandCreationService,
    private readonly commands: CommandsService,
    private readonly expiry: CommandExpiryService,
    private readonly waiters: CommandWaiters,
    private readonly audit: AuditService,
  ) {}

  /**
   * Creates an ACTION_PREPARE command, waits up to 30 s for its end and returns what the agent prepared.
   * @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED, the agent's states (409),
   * ACTION_PREPARE_TIMEOUT, ACTION_PREPARE_FAILED
   */
  async prepare(actor: UserActor, serviceId: CapsuleServiceId, name: string): Promise<PreparedAction> {
    const preparation = await this.#start(actor, serviceId, name);
    await preparation.ended;
    return this.#outcome(preparation);
  }

  #start(actor: UserActor, serviceId: CapsuleServiceId, name: string): Promise<Preparation> {
    return this.db.transaction(async (tx) => {
      const { target, action } = await this.services.getAction(tx, serviceId, name);
      const newCommand = {
        type: 'ACTION_PREPARE',
        target,
        action,
        schema: null,
        payload: {},
      } as const;
      const command = await this.creation.create(tx, { actedBy: actor, onBehalfOf: actor }, newCommand);
      await this.audit.record(tx, {
        actor,
        action: 'service.action.prepare_requested',
        target: { type: 'CapsuleService', id: serviceId },
        message: `${actor.username} prepared ${name} on service ${target.service.code}.`,
        metadata: { actionName: name, commandId: command.id },
      });
      // Before the commit: the agent may answer before this continues.
      const ended = this.waiters.waitForEnd(command.id, PREPARE_SECONDS * 1000);
      ended.catch(() => undefined);
      return { commandId: command.id, action, ended };
    });
  }

  /** @throws ACTION_PREPARE_TIMEOUT when it has not ended, ACTION_PREPARE_FAILED when it has not succeeded */
  async #outcome({ commandId, action }: Preparation): Promise<PreparedAction> {
    await this.expiry.expireIfOverdue(commandId);
    const { command, result } = await this.commands.getWithResult(commandId);
    if (command.status === 'EXPIRED' || command.completedAt === null) throw prepareTimeout(PREPARE_SECONDS, command);
    if (command.status !== 'SUCCEEDED') throw prepareFailed(command);
    const data = result?.data ?? null;
    const declared = toServiceAction(action);
    return {
      action: { ...declared, inputSchema: preparedSchema(data) ?? declared.inputSchema },
      initialPayload: preparedPayload(data),
      currentState: preparedState(data),
      prepareCommand: toCommand(command),
    };
  }
}
