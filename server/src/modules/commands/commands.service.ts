import { Injectable } from '@nestjs/common';
import {
  type CapsuleServiceId,
  type Command,
  type CommandDetail,
  type CommandId,
  CommandStatus,
  type Counts,
} from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { type JobContext, MaintenanceJob } from '../../common/maintenance-job.js';
import { Database } from '../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { relatedTo } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { OPEN_STATUSES } from './command-lifecycle.js';
import { CommandListsRepository } from './command-lists.repository.js';
import type { CommandEntity } from './command.entity.js';
import { commandAlreadyCompleted, commandNotFound } from './command.errors.js';
import { type CommandWithResult, toCommand, toCommandDetail } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';
import type { ListCommandsQuery } from './dto/commands.dto.js';
import { CommandResultsRepository } from './results/command-results.repository.js';

const SORT_FIELDS = { createdAt: 'createdAt', completedAt: 'completedAt', finishedAt: 'completedAt' } as const;

const DAY_SECONDS = 86_400;
/** Small, because a result may be large. */
const PRUNE_BATCH = 100;

/** Commands as operators see them: list, detail, cancellation, retention. */
@Injectable()
export class CommandsService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly lists: CommandListsRepository,
    private readonly results: CommandResultsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Lists commands, newest first unless the query sorts otherwise. */
  async list(query: ListCommandsQuery): Promise<PageResult<Command>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'createdAt', direction: 'DESC' }]);
    return toPage(query, await this.lists.list(query, { ...query, sort }), toCommand);
  }

  /** The `limit` newest commands. */
  async newest(limit: number): Promise<Command[]> {
    return (await this.commands.listNewest(limit)).map(toCommand);
  }

  /** How many commands are in each status. */
  async counts(): Promise<Counts<CommandStatus>> {
    const zero = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0, CANCELLED: 0 };
    const counted = (await this.lists.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /** The command with its progress and result. @throws COMMAND_NOT_FOUND */
  async getWithResult(id: CommandId): Promise<CommandWithResult> {
    const command = await this.commands.findWithNames(id);
    if (!command) throw commandNotFound(id);
    const result = await this.results.findByCommand(id);
    return { command, result, progress: await this.results.findProgress(id) };
  }

  /**
   * Cancels a command that has not ended; a running one stops if its agent can stop it. Repeating it changes nothing.
   * @throws COMMAND_NOT_FOUND
   * @throws COMMAND_ALREADY_COMPLETED when it ended otherwise
   */
  async cancel(actor: UserActor, id: CommandId): Promise<CommandDetail> {
    await this.db.transaction(async (tx) => {
      const command = await this.#cancel(tx, actor, id, OPEN_STATUSES);
      if (!command) throw commandNotFound(id);
      if (command.status !== 'CANCELLED') throw commandAlreadyCompleted(command.status);
    });
    return toCommandDetail(await this.getWithResult(id));
  }

  /** Cancels the service's commands that no agent has claimed; running ones go on. */
  async cancelPending(tx: Tx, actor: UserActor, serviceId: CapsuleServiceId): Promise<void> {
    for (const id of await this.commands.listPendingOfService(serviceId, tx)) {
      await this.#cancel(tx, actor, id, ['PENDING']);
    }
  }

  /**
   * Deletes one bounded batch of commands past their retention, with their results, progress and keys; returns how many,
   * or null when commands are kept forever. Their audit events stay.
   */
  @MaintenanceJob({
    id: 'finished-commands',
    phase: 'retention',
    description: 'Deletes finished commands past their retention.',
  })
  async prune({ settings: { commandRetentionDays: days } }: JobContext): Promise<number | null> {
    if (days === 0) return null;
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    return this.db.transaction((tx) => this.commands.deleteFinished(before, PRUNE_BATCH, tx));
  }

  /** Cancels the command if its status is one of `from`; returns it as it is afterwards, null when there is none. */
  async #cancel(
    tx: Tx,
    actor: UserActor,
    id: CommandId,
    from: readonly CommandStatus[],
  ): Promise<CommandEntity | null> {
    const ending = { status: 'CANCELLED', completedAt: this.clock.now() } as const;
    const isCancelled = await this.commands.end(id, from, ending, tx);
    const command = await this.commands.findById(id, tx);
    if (!command || !isCancelled) return command;
    await this.audit.record(tx, {
      actor,
      action: 'command.cancelled',
      target: { type: 'Command', id },
      related: relatedTo(command),
      message: `${actor.username} cancelled ${command.actionName}.`,
      metadata: { actionName: command.actionName, wasDelivered: command.startedAt !== null },
    });
    return command;
  }
}
