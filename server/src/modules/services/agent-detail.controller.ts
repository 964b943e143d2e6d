import { Get, Param } from '@nestjs/common';
import type { AgentDetail } from '#contracts';
import { Access, AdminController } from '../../common/http/access.js';
import { AgentParams } from '../agents/dto/agent.params.js';
import { CapsuleServiceCatalog } from './capsule-service-catalog.js';

/** The one route of agents that needs to know their services. */
@AdminController('agents')
export class AgentDetailController {
  constructor(private readonly catalog: CapsuleServiceCatalog) {}

  /** An agent with its services. */
  @Get(':id')
  @Access('viewer')
  get(@Param() { id }: AgentParams): Promise<AgentDetail> {
    return this.catalog.getAgent(id);
  }
}
