import { Body, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AgentCommand, CommandProgressResponse, CommandResult, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent } from '../../../http/access.js';
import { ResponseDelivery, type Deferred, DeferredResponse } from '../../../http/deferred-response.js';
import { ApiParam } from '../../../http/openapi/openapi-decorators.js';
import { HeartbeatBody } from '../../agents/agent-api/dto/heartbeat.dto.js';
import { HeartbeatService } from '../../agents/agent-api/heartbeat.service.js';
import { ProgressService } from '../results/progress.service.js';
import { ResultsService } from '../results/results.service.js';
import { DispatchService } from './dispatch.service.js';
import {
  AgentCommandParams,
  CommandProgressBody,
  CommandResultBody,
  PollCommandsQuery,
} from './dto/agent-commands.dto.js';

/** The agent's own routes: alive, asking for work, reporting it done. */
@AgentController()
export class AgentLinkController {
  constructor(
    private readonly heartbeats: HeartbeatService,
    private readonly polling: DispatchService,
    private readonly completion: ResultsService,
    private readonly answers: DeferredResponse,
  ) {}

  /** Notes that the agent is alive, and the health it brings. */
  @Post(':agentId/heartbeat')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  heartbeat(@CurrentAgent() agent: AgentActor, @Body() body: HeartbeatBody): Promise<HeartbeatResponse> {
    return this.heartbeats.receive(agent, body);
  }

  /**
   * Takes waiting commands, oldest first; each is RUNNING from now on, its payload in the clear. When there is none, the
   * request is held open for `wait` seconds until there is.
   */
  @Get(':agentId/commands')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  poll(
    @CurrentAgent() agent: AgentActor,
    @Query() query: PollCommandsQuery,
    @Res() response: Response,
  ): Deferred<AgentCommand[]> {
    return this.answers.send(response, this.polling.poll(agent, query, new ResponseDelivery(response)));
  }

  /** Ends a command with its result. The same result sent again is answered the same. */
  @Post(':agentId/commands/:commandId/result')
  @AgentAccess()
  complete(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandResultBody,
  ): Promise<CommandResult> {
    return this.completion.submit(agent, commandId, body);
  }
}

@AgentController()
export class CommandProgressController {
  constructor(private readonly reports: ProgressService) {}

  /** Says how far a running command is; the answer says whether to stop. Log lines are added to those before. */
  @Post(':agentId/commands/:commandId/progress')
  @AgentAccess()
  report(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandProgressBody,
  ): Promise<CommandProgressResponse> {
    return this.reports.report(agent, commandId, body);
  }
}
