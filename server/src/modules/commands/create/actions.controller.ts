import { Body, Get, Param, Post } from '@nestjs/common';
import type { Command, PreparedAction } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser, HasEffect } from '../../../http/access.js';
import { IdempotencyKey } from '../../../http/idempotency-key.js';
import { ActionPreparationService } from './action-preparation.service.js';
import { ActionsService } from './actions.service.js';
import { ActionParams, ExecuteActionBody } from './dto/actions.dto.js';

/** The operators' routes that prepare and run actions of services. */
@AdminController('capsule-services')
export class ActionsController {
  constructor(
    private readonly preparation: ActionPreparationService,
    private readonly actions: ActionsService,
  ) {}

  /** Asks the agent for the initial values of a form for this action; waits up to 30 s. */
  @Get(':id/actions/:name')
  @Access('operator')
  @HasEffect()
  prepare(@CurrentUser() actor: UserActor, @Param() { id, name }: ActionParams): Promise<PreparedAction> {
    return this.preparation.prepare(actor, id, name);
  }

  /** Creates the command that runs this action. */
  @Post(':id/actions/:name')
  @Access('operator')
  execute(
    @CurrentUser() actor: UserActor,
    @Param() action: ActionParams,
    @Body() body: ExecuteActionBody,
    @IdempotencyKey() key: string | null,
  ): Promise<Command> {
    return this.actions.execute(actor, action, body, key);
  }
}
