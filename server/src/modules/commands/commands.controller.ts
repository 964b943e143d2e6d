import { Get, Param, Post, Query, UseGuards } from '@nestjs/common';
import type { Command, CommandDetail, CommandSummary } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import { IdempotencyKey } from '../../common/http/idempotency-key.js';
import type { UserActor } from '../../common/http/identity.js';
import type { PageResult } from '../../common/http/page.js';
import { ActionExecution } from './action-execution.js';
import { CommandReader } from './command-reader.js';
import { CommandSummaryService } from './command-summary.js';
import { CommandsService } from './commands.service.js';
import { CommandParams } from './dto/command.params.js';
import { ListCommandsQuery } from './dto/list-commands.query.js';
import { SummarizeCommandsQuery } from './dto/summarize-commands.query.js';
import { OneTimeKeys } from './one-time-keys.js';
import { SameSiteGuard } from './same-site.guard.js';

@AdminController('commands')
export class CommandsController {
  constructor(
    private readonly commands: CommandsService,
    private readonly execution: ActionExecution,
    private readonly reader: CommandReader,
    private readonly keys: OneTimeKeys,
    private readonly summary: CommandSummaryService,
  ) {}

  /** Lists commands, newest first. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListCommandsQuery): Promise<PageResult<Command>> {
    return this.commands.list(query);
  }

  /** What became of the commands that the filters choose, and how long they took, over time; of the last day unless told. */
  @Get('summary')
  @Access('viewer')
  summarize(@Query() query: SummarizeCommandsQuery): Promise<CommandSummary> {
    return this.summary.summarize(query);
  }

  /** A command with its progress and result. A one-time key is shown here once, to who asked for the command. */
  @Get(':id')
  @Access('viewer')
  @UseGuards(SameSiteGuard)
  async get(@CurrentUser() actor: UserActor, @Param() { id }: CommandParams): Promise<CommandDetail> {
    return this.keys.show(actor, await this.reader.get(id));
  }

  /** Ends a command that has not ended. Repeating it changes nothing. */
  @Post(':id/cancel')
  @Access('operator')
  cancel(@CurrentUser() actor: UserActor, @Param() { id }: CommandParams): Promise<CommandDetail> {
    return this.commands.cancel(actor, id);
  }

  /** Creates the same command again, after one that failed, expired or was cancelled. */
  @Post(':id/retry')
  @Access('operator')
  retry(
    @CurrentUser() actor: UserActor,
    @Param() { id }: CommandParams,
    @IdempotencyKey() key: string | null,
  ): Promise<Command> {
    return this.execution.retry(actor, id, key);
  }
}
