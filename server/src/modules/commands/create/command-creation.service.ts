import { Injectable } from '@nestjs/common';
import type { CommandId, CommandType, JsonObject } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { AgentsService } from '../../agents/agents.service.js';
import type { ServiceWithStatus } from '../../agents/services/capsule-service.mapper.js';
import type { ServiceActionEntity } from '../../agents/services/service-action.entity.js';
import { relatedTo } from '../../audit/audit-record.js';
import { AuditService } from '../../audit/audit.service.js';
import { CommandClocks } from '../command-clocks.js';
import type { CommandEntity } from '../command.entity.js';
import { CommandsRepository } from '../commands.repository.js';
import { PayloadSecrets } from '../payload/payload-secrets.js';
import { type IssuesOf, PayloadValidator } from '../payload/payload-validator.js';
import { IdempotencyKeysStore } from './idempotency-keys.store.js';

/** A user's request that creates a command. */
export interface CreationRequest {
  readonly actor: UserActor;
  /** The `Idempotency-Key`; null without one. */
  readonly key: string | null;
  /** Everything that distinguishes this request from another one. */
  readonly content: object;
}

/** Who creates a command, and which user it belongs to. */
export interface Authorship {
  readonly actedBy: UserActor;
  /** Shown as the command's creator; only this user may read its one-time key. */
  readonly onBehalfOf: Pick<UserActor, 'id' | 'username'>;
}

/** A command that passed every check except its agent's. */
export interface NewCommand {
  readonly type: CommandType;
  readonly target: ServiceWithStatus;
  readonly action: ServiceActionEntity;
  /** Decides which values of the payload are secret. */
  readonly schema: JsonObject | null;
  readonly payload: JsonObject;
  readonly retryOfCommandId?: CommandId;
}

/** Creates the command; may run more than once, each time in a new transaction. */
type Create = (tx: Tx, issuesOf: IssuesOf) => Promise<CommandEntity>;

/** Creates commands, once for each request. Every command is made by {@link create}. */
@Injectable()
export class CommandCreationService {
  constructor(
    private readonly db: Database,
    private readonly keys: IdempotencyKeysStore,
    private readonly validator: PayloadValidator,
    private readonly commands: CommandsRepository,
    private readonly secrets: PayloadSecrets,
    private readonly agents: AgentsService,
    private readonly clocks: CommandClocks,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Runs `create` in a transaction, unless the same request did so within 24 hours: then returns its command as it
   * is now. A failed request does not use up its key. @throws IDEMPOTENCY_KEY_REUSED
   */
  createOnce(request: CreationRequest, create: Create): Promise<CommandEntity> {
    return this.validator.withValidation((issuesOf) => this.#createOnce(request, (tx) => create(tx, issuesOf)));
  }

  /**
   * Stores a pending command with its audit event; returns it with the names of its service, agent and action.
   * @throws AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409)
   */
  async create(tx: Tx, { actedBy, onBehalfOf }: Authorship, newCommand: NewCommand): Promise<CommandEntity> {
    const { target, action } = newCommand;
    this.agents.requireAvailable(target.agent);
    const command = this.#toEntity(onBehalfOf, newCommand);
    await this.commands.insert(command, tx);
    await this.audit.record(tx, {
      actor: actedBy,
      action: 'command.created',
      target: { type: 'Command', id: command.id },
      related: relatedTo(command),
      message: `${actedBy.username} asked for ${action.name} on service ${target.service.code}.`,
      metadata: {
        type: command.type,
        serviceId: command.serviceId,
        agentId: command.agentId,
        actionName: command.actionName,
        dangerLevel: action.dangerLevel,
        retryOfCommandId: command.retryOfCommandId,
      },
    });
    return { ...command, service: target.service, agent: target.agent, action };
  }

  #createOnce(
    { actor, key, content }: CreationRequest,
    create: (tx: Tx) => Promise<CommandEntity>,
  ): Promise<CommandEntity> {
    if (key === null) return this.db.transaction(create);
    const request = { userId: actor.id, key, content };
    // Of two at once, the second fails on the key, runs again and finds the first one's command.
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        const createdId = await this.keys.find(tx, request);
        const created = createdId && (await this.commands.findWithNames(createdId, tx));
        if (created) return created;
        const command = await create(tx);
        await this.keys.remember(tx, request, command.id);
        return command;
      }),
    );
  }

  #toEntity(creator: Authorship['onBehalfOf'], newCommand: NewCommand): CommandEntity {
    const { type, target, action, schema, payload } = newCommand;
    const id = this.ids.make('cmd');
    const createdAt = this.clock.now();
    return {
      id,
      type,
      status: 'PENDING',
      serviceId: target.service.id,
      agentId: target.agent.id,
      actionName: action.name,
      ...this.secrets.seal(id, schema, payload),
      timeoutSeconds: action.timeoutSeconds,
      createdByUserId: creator.id,
      createdByUsername: creator.username,
      retryOfCommandId: newCommand.retryOfCommandId ?? null,
      createdAt,
      startedAt: null,
      isJournaled: null,
      completedAt: null,
      expiresAt: this.clocks.waitsUntil({ type, createdAt }),
      errorCode: null,
      errorMessage: null,
    };
  }
}
