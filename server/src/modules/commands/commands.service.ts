import { Injectable } from '@nestjs/common';
import {
  type CapsuleServiceId,
  type Command,
  type CommandDetail,
  type CommandDurations,
  type CommandId,
  CommandStatus,
  type Counts,
} from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { relatedTo } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { OPEN_STATUSES } from './command-lifecycle.js';
import type { CommandEntity } from './command.entity.js';
import { commandAlreadyCompleted, commandNotFound } from './command.errors.js';
import { toCommand, toCommandDetail, CommandWithResult } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';
import type { ListCommandsQuery } from './dto/commands.dto.js';
import { CommandProgressRepository, CommandResultsRepository } from './results/command-results.repository.js';

/** Ends commands before their result. */
@Injectable()
export class CommandCancellation {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Ends the command if it is in one of these states; returns it as it then is, null when there is none. */
  async cancel(tx: Tx, actor: UserActor, id: CommandId, from: readonly CommandStatus[]): Promise<CommandEntity | null> {
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

  /** Ends what waits to be taken for the service: none of it has run. */
  async cancelWaiting(tx: Tx, actor: UserActor, serviceId: CapsuleServiceId): Promise<void> {
    for (const id of await this.commands.listPendingOfService(serviceId, tx)) {
      await this.cancel(tx, actor, id, ['PENDING']);
    }
  }
}

@Injectable()
export class CommandReader {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly progress: CommandProgressRepository,
  ) {}

  /** @throws COMMAND_NOT_FOUND */
  async getWithResult(id: CommandId): Promise<CommandWithResult> {
    const command = await this.commands.findWithNames(id);
    if (!command) throw commandNotFound(id);
    const result = await this.results.findByCommand(id);
    return { command, result, progress: await this.progress.findByCommand(id) };
  }
}

const SORT_FIELDS = { createdAt: 'createdAt', completedAt: 'completedAt', finishedAt: 'completedAt' } as const;

@Injectable()
export class CommandsService {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly reader: CommandReader,
    private readonly cancellation: CommandCancellation,
  ) {}

  /** Lists commands, newest first. */
  async list(query: ListCommandsQuery): Promise<PageResult<Command>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'createdAt', direction: 'DESC' }]);
    return toPage(query, await this.commands.list(query, { ...query, sort }), toCommand);
  }

  /** The `limit` newest commands. */
  async newest(limit: number): Promise<Command[]> {
    return (await this.commands.newest(limit)).map(toCommand);
  }

  async counts(): Promise<Counts<CommandStatus>> {
    const zero = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0, CANCELLED: 0 };
    const counted = (await this.commands.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /**
   * Ends a command that has not ended; a running one is stopped if its agent can. Repeating it changes nothing.
   * @throws COMMAND_NOT_FOUND
   * @throws COMMAND_ALREADY_COMPLETED when it ended otherwise
   */
  async cancel(actor: UserActor, id: CommandId): Promise<CommandDetail> {
    await this.db.transaction(async (tx) => {
      const command = await this.cancellation.cancel(tx, actor, id, OPEN_STATUSES);
      if (!command) throw commandNotFound(id);
      if (command.status !== 'CANCELLED') throw commandAlreadyCompleted(command.status);
    });
    return toCommandDetail(await this.reader.getWithResult(id));
  }
}

const SAMPLE = 1_000;
const TOP_ERRORS = 10;

/** The value below which `share` of the sorted values lie (nearest rank); null of none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

/** Figures about commands. */
@Injectable()
export class CommandMetrics {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
  ) {}

  /** Of the newest commands that an agent answered. */
  async durations(): Promise<CommandDurations> {
    const sorted = (await this.commands.newestDurationsMs(SAMPLE)).sort((a, b) => a - b);
    const sum = sorted.reduce((total, one) => total + one, 0);
    return {
      sampleSize: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      maxMs: sorted.at(-1) ?? null,
      meanMs: sorted.length === 0 ? null : Math.round(sum / sorted.length),
    };
  }

  /** The most frequent error codes first. */
  topErrors(): Promise<{ errorCode: string; count: number }[]> {
    return this.commands.topErrors(TOP_ERRORS);
  }

  async oldestPendingSeconds(): Promise<number | null> {
    const oldest = await this.commands.oldestPendingAt();
    return oldest && Math.max(0, Math.round((this.clock.now().getTime() - oldest.getTime()) / 1000));
  }
}

/** A result may be large. */
const BATCH = 100;
const DAY_SECONDS = 86_400;

/** Deletes commands that ended long enough ago; the audit still tells what they were. */
@Injectable()
export class CommandRetention {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
  ) {}

  /** One bounded batch, with results, progress and keys; returns how many commands. Call again while it is not 0. */
  prune(days: number): Promise<number> {
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    return this.db.transaction((tx) => this.commands.deleteFinished(before, BATCH, tx));
  }
}
