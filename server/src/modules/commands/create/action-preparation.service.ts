import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, PreparedAction } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import { ActionTargets } from './action-targets.js';
import { CommandEnds } from './command-ends.js';
import { CommandIssuer } from './command-issuer.js';
import type { CommandEntity } from './command.entity.js';
import { PREPARE_SECONDS, PreparationOutcome } from './preparation-outcome.js';

interface Started {
  readonly command: CommandEntity;
  readonly action: ServiceActionEntity;
  readonly ended: Promise<boolean>;
}

/** Asks an agent what a form for an action should start with, and waits for its answer. */
@Injectable()
export class ActionPreparation {
  constructor(
    private readonly db: Database,
    private readonly targets: ActionTargets,
    private readonly issuer: CommandIssuer,
    private readonly outcome: PreparationOutcome,
    private readonly ends: CommandEnds,
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
      const command = await this.issuer.issue(tx, actor, {
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
      const ended = this.ends.wait(command.id, PREPARE_SECONDS * 1000);
      ended.catch(() => undefined);
      return { command, action, ended };
    });
  }
}
