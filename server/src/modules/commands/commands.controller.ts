import { Get, Param, Post, Query } from '@nestjs/common';
import type { Command, CommandDetail, CommandSummary } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import type { PageResult } from '../../database/lists/page.js';
import { Access, AdminController, CurrentUser, HasEffect } from '../../http/access.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import { CommandSummaryService } from './command-summary.service.js';
import { CommandsService } from './commands.service.js';
import { ActionsService } from './create/actions.service.js';
import { CommandParams, ListCommandsQuery, SummarizeCommandsQuery } from './dto/commands.dto.js';
import { OneTimeKeys } from './results/one-time-keys.js';

/** The operators' routes for commands: list, read, cancel, retry. */
@AdminController('commands')
export class CommandsController {
  constructor(
    private readonly commands: CommandsService,
    private readonly summary: CommandSummaryService,
    private readonly actions: ActionsService,
    private readonly keys: OneTimeKeys,
  ) {}

  /** Lists commands, newest first. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListCommandsQuery): Promise<PageResult<Command>> {
    return this.commands.list(query);
  }

  /** Outcomes and durations over time of the commands that match the filters; the last day by default. */
  @Get('summary')
  @Access('viewer')
  summarize(@Query() query: SummarizeCommandsQuery): Promise<CommandSummary> {
    return this.summary.summarize(query);
  }

  /** A command with its progress and result. A one-time key is shown here once, to the user who created the command. */
  @Get(':id')
  @Access('viewer')
  @HasEffect()
  async get(@CurrentUser() actor: UserActor, @Param() { id }: CommandParams): Promise<CommandDetail> {
    return this.keys.reveal(actor, await this.commands.getWithResult(id));
  }

  /** Cancels a command that has not ended. Repeating it changes nothing. */
  @Post(':id/cancel')
  @Access('operator')
  cancel(@CurrentUser() actor: UserActor, @Param() { id }: CommandParams): Promise<CommandDetail> {
    return this.commands.cancel(actor, id);
  }

  /** Creates a command again that failed, expired or was cancelled. */
  @Post(':id/retry')
  @Access('operator')
  retry(
    @CurrentUser() actor: UserActor,
    @Param() { id }: CommandParams,
    @IdempotencyKey() key: string | null,
  ): Promise<Command> {
    return this.actions.retry(actor, id, key);
  }
}
