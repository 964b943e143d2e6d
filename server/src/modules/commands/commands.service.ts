import { Injectable } from '@nestjs/common';
import { CommandStatus, type Command, type CommandDetail, type CommandId, type Counts } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { toPage, type PageResult } from '../../common/http/page.js';
import { parseSort } from '../../common/http/sort.js';
import { Database } from '../../database/database.js';
import { CommandCancellation } from './command-cancellation.js';
import { OPEN_STATUSES } from './command-lifecycle.js';
import { CommandReader } from './command-reader.js';
import { commandAlreadyCompleted, commandNotFound } from './command.errors.js';
import { toCommand, toCommandDetail } from './command.mapper.js';
import { CommandsRepository } from './commands.repository.js';
import type { ListCommandsQuery } from './dto/list-commands.query.js';

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
    return toCommandDetail(await this.reader.get(id));
  }
}
