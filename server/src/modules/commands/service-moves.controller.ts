import { Body, Param, Post } from '@nestjs/common';
import type { CapsuleServiceDetail } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import type { UserActor } from '../../common/http/identity.js';
import { ServiceParams } from '../services/dto/service.params.js';
import { MoveServiceBody } from './dto/move-service.body.js';
import { ServiceMoves } from './service-moves.js';

@AdminController('capsule-services')
export class ServiceMovesController {
  constructor(private readonly moves: ServiceMoves) {}

  /** Gives the service to another agent, which must be online. Commands that wait for it are cancelled. */
  @Post(':id/move')
  @Access('operator')
  move(
    @CurrentUser() actor: UserActor,
    @Param() { id }: ServiceParams,
    @Body() { agentId }: MoveServiceBody,
  ): Promise<CapsuleServiceDetail> {
    return this.moves.move(actor, id, agentId);
  }
}
