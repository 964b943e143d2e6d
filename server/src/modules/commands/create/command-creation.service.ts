import { Injectable } from '@nestjs/common';
import type { CommandId, CommandType, JsonObject } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { unavailability } from '../../agents/agent-availability.js';
import { SilenceThresholds } from '../../agents/liveness/silence-thresholds.js';
import type { ServiceWithStatus } from '../../agents/services/capsule-service.mapper.js';
import type { ServiceActionEntity } from '../../agents/services/service-action.entity.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import type { CommandEntity } from '../command.entity.js';
import { agentUnavailable } from '../command.errors.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';
import { type IssuesOf, PayloadValidator } from '../payload/payload-validator.js';
import { IdempotencyKeysStore } from './idempotency-keys.store.js';

/** A command that passed every check but the agent's. */
export interface NewCommand {
  readonly type: CommandType;
  readonly target: ServiceWithStatus;
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
    private readonly payloads: PayloadSecrets,
    private readonly threshold: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409) */
  async create(tx: Tx, actor: UserActor, order: NewCommand): Promise<CommandEntity> {
    const problem = unavailability(order.target.agent, this.threshold.cutoff());
    if (problem) throw agentUnavailable(problem);
    const command = this.#newCommand(actor, order);
    await this.commands.insert(command, tx);
    await this.audit.record(tx, {
      actor,
      action: 'command.created',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
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

  #newCommand(actor: UserActor, order: NewCommand): CommandEntity {
    const id = this.ids.make('cmd');
    const createdAt = this.clock.now();
    return {
      id,
      type: order.type,
      status: 'PENDING',
      serviceId: order.target.service.id,
      agentId: order.target.agent.id,
      actionName: order.action.name,
      ...this.payloads.seal(id, order.schema, order.payload),
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

/** A request for a command, as a user made it. */
export interface CreationRequest {
  readonly actor: UserActor;
  /** The `Idempotency-Key`; null without one. */
  readonly key: string | null;
  /** Everything that makes it this request. */
  readonly content: object;
}

/** Makes the command; may run more than once, each time in a transaction of its own. */
type Create = (tx: Tx, issuesOf: IssuesOf) => Promise<CommandEntity>;

/** Creates commands: one for all requests that are the same one said again. */
@Injectable()
export class CommandCreationService {
  constructor(
    private readonly db: Database,
    private readonly requests: IdempotencyKeysStore,
    private readonly commands: CommandsRepository,
    private readonly checks: PayloadValidator,
  ) {}

  /**
   * Runs `create` in a transaction, unless the same request did so within a day: then the command it made is returned as
   * it is now. A request that fails does not use up its key. @throws IDEMPOTENCY_KEY_REUSED
   */
  createOnce(request: CreationRequest, create: Create): Promise<CommandEntity> {
    return this.checks.withValidation((issuesOf) => this.#runOnce(request, (tx) => create(tx, issuesOf)));
  }

  #runOnce(request: CreationRequest, create: (tx: Tx) => Promise<CommandEntity>): Promise<CommandEntity> {
    const { actor, key, content } = request;
    if (key === null) return this.db.transaction(create);
    const keyed = { userId: actor.id, key, content };
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        const made = await this.requests.find(tx, keyed);
        const known = made && (await this.commands.findWithNames(made, tx));
        if (known) return known;
        const command = await create(tx);
        await this.requests.remember(tx, keyed, command.id);
        return command;
      }),
    );
  }
}
