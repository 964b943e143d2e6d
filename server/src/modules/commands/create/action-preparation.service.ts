import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, CommandId, PreparedAction } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import { toServiceAction } from '../../agents/services/capsule-service.mapper.js';
import type { ServiceActionEntity } from '../../agents/services/service-action.entity.js';
import { AuditService } from '../../audit/audit.service.js';
import { CommandExpiry } from '../command-expiry.service.js';
import type { CommandEntity } from '../command.entity.js';
import { prepareFailed, prepareTimeout } from '../command.errors.js';
import { toCommand } from '../command.mapper.js';
import { CommandReader } from '../commands.service.js';
import { ActionTargets } from './action-targets.js';
import { CommandIssuer } from './command-creation.service.js';
import { CommandWaiters } from './command-waiters.js';
import { preparedPayload, preparedSchema, preparedState } from './prepared-data.js';

/** How long an agent has to prepare an action. */
export const PREPARE_SECONDS = 30;

/** Reads how a prepare ended. */
@Injectable()
export class PreparationOutcome {
  constructor(
    private readonly expiry: CommandExpiry,
    private readonly reader: CommandReader,
  ) {}

  /** @throws ACTION_PREPARE_TIMEOUT when it has not ended, ACTION_PREPARE_FAILED when it has not succeeded */
  async get(id: CommandId, action: ServiceActionEntity): Promise<PreparedAction> {
    await this.expiry.expireIfOverdue(id);
    const { command, result } = await this.reader.getWithResult(id);
    if (command.status === 'EXPIRED' || command.completedAt === null) throw prepareTimeout(PREPARE_SECONDS);
    if (command.status !== 'SUCCEEDED') {
      const { status, errorCode, errorMessage } = command;
      throw prepareFailed({ commandId: id, status, errorCode, errorMessage });
    }
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

interface Started {
  readonly command: CommandEntity;
  readonly action: ServiceActionEntity;
  readonly ended: Promise<boolean>;
}

/** Asks an agent what a form for an action should start with, and waits for its answer. */
@Injectable()
export class ActionPreparationService {
  constructor(
    private readonly db: Database,
    private readonly targets: ActionTargets,
    private readonly issuer: CommandIssuer,
    private readonly outcome: PreparationOutcome,
    private readonly ends: CommandWaiters,
    private readonly audit: AuditService,
  ) {}

  /**
   * Creates an ACTION_PREPARE command and waits for its end.
   * @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED, the agent's states (409),
   * ACTION_PREPARE_TIMEOUT, ACTION_PREPARE_FAILED
   */
  async prepare(actor: UserActor, serviceId: CapsuleServiceId, name: string): Promise<PreparedAction> {
    const { command, action, ended } = await this.#start(actor, serviceId, name);
    await ended;
    return this.outcome.get(command.id, action);
  }

  #start(actor: UserActor, serviceId: CapsuleServiceId, name: string): Promise<Started> {
    return this.db.transaction(async (tx) => {
      const { target, action } = await this.targets.get(tx, serviceId, name);
      const command = await this.issuer.create(tx, actor, {
        type: 'ACTION_PREPARE',
        target,
        action,
        schema: null,
        payload: {},
        ttlSeconds: PREPARE_SECONDS,
      });
      await this.audit.record(tx, {
        actor,
        action: 'service.action.prepare_requested',
        target: { type: 'CapsuleService', id: serviceId },
        message: `${actor.username} prepared ${name} on service ${target.service.code}.`,
        metadata: { actionName: name, commandId: command.id },
      });
      // Before the commit: an agent may answer before this continues.
      const ended = this.ends.waitForEnd(command.id, PREPARE_SECONDS * 1000);
      ended.catch(() => undefined);
      return { command, action, ended };
    });
  }
}
