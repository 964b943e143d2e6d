import { Injectable } from '@nestjs/common';
import type { CommandId, CommandType, JsonObject } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { Clock, secondsAfter } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { OfflineThreshold } from '../agents/offline-threshold.js';
import { concerned } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import type { ShownService } from '../services/capsule-services.repository.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import { agentProblem } from './command-lifecycle.js';
import { CommandPayloads } from './command-payloads.js';
import type { CommandEntity } from './command.entity.js';
import { agentNotAble } from './command.errors.js';
import { CommandsRepository } from './commands.repository.js';

/** A command that passed every check but the agent's. */
export interface CommandOrder {
  readonly type: CommandType;
  readonly target: ShownService;
  readonly action: ServiceActionEntity;
  /** Decides which values of the payload are secret. */
  readonly schema: JsonObject | null;
  readonly payload: JsonObject;
  readonly ttlSeconds: number;
  readonly retryOfCommandId?: CommandId;
}

/** Creates commands: the last check, the row and its audit event. */
@Injectable()
export class CommandIssuer {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly payloads: CommandPayloads,
    private readonly threshold: OfflineThreshold,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409) */
  async issue(tx: Tx, actor: UserActor, order: CommandOrder): Promise<CommandEntity> {
    const problem = agentProblem(order.target.agent, this.threshold.cutoff());
    if (problem) throw agentNotAble(problem);
    const command = this.#newCommand(actor, order);
    await this.commands.insert(command, tx);
    await this.audit.record(tx, {
      actor,
      action: 'command.created',
      target: { type: 'Command', id: command.id },
      concerns: concerned(command),
      message: `${actor.username} asked for ${order.action.name} on service ${order.target.service.code}.`,
      metadata: {
        type: command.type,
        serviceId: command.serviceId,
        agentId: command.agentId,
        actionName: command.actionName,
        dangerLevel: order.action.dangerLevel,
        retryOfCommandId: command.retryOfCommandId,
      },
    });
    const { service, agent } = order.target;
    return { ...command, service, agent, action: order.action };
  }

  #newCommand(actor: UserActor, order: CommandOrder): CommandEntity {
    const id = this.ids.make('cmd');
    const createdAt = this.clock.now();
    return {
      id,
      type: order.type,
      status: 'PENDING',
      serviceId: order.target.service.id,
      agentId: order.target.agent.id,
      actionName: order.action.name,
      ...this.payloads.store(id, order.schema, order.payload),
      timeoutSeconds: order.action.timeoutSeconds,
      createdByUserId: actor.id,
      createdByUsername: actor.username,
      retryOfCommandId: order.retryOfCommandId ?? null,
      createdAt,
      startedAt: null,
      completedAt: null,
      expiresAt: secondsAfter(createdAt, order.ttlSeconds),
      errorCode: null,
      errorMessage: null,
    };
  }
}
