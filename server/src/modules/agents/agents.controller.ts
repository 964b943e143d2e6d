import { Get, Param, Post, Query } from '@nestjs/common';
import type { AgentDetail, AgentSummary } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import type { PageResult } from '../../database/lists/page.js';
import { Access, AdminController, CurrentUser } from '../../http/access.js';
import { AgentsService } from './agents.service.js';
import { AgentParams, ListAgentsQuery } from './dto/agents.dto.js';

/** The operators' routes for agents. */
@AdminController('agents')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  /** Lists agents, most recently seen first. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListAgentsQuery): Promise<PageResult<AgentSummary>> {
    return this.agents.list(query);
  }

  /** An agent with its services. */
  @Get(':id')
  @Access('viewer')
  get(@Param() { id }: AgentParams): Promise<AgentDetail> {
    return this.agents.getById(id);
  }

  /** Refuses an agent's requests until it is enabled again. Repeating it changes nothing. */
  @Post(':id/disable')
  @Access('operator')
  disable(@CurrentUser() actor: UserActor, @Param() { id }: AgentParams): Promise<AgentSummary> {
    return this.agents.disable(actor, id);
  }

  /** Accepts a disabled agent again. Repeating it changes nothing. */
  @Post(':id/enable')
  @Access('operator')
  enable(@CurrentUser() actor: UserActor, @Param() { id }: AgentParams): Promise<AgentSummary> {
    return this.agents.enable(actor, id);
  }

  /** Withdraws an agent's access until it registers again. Repeating it changes nothing. */
  @Post(':id/revoke')
  @Access('operator')
  revoke(@CurrentUser() actor: UserActor, @Param() { id }: AgentParams): Promise<AgentSummary> {
    return this.agents.revoke(actor, id);
  }
}
