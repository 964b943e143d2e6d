import { Body, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AgentCommand, CommandProgressResponse, CommandResult, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent } from '../../../http/access.js';
import { Delivery, type LateAnswer, LateAnswers } from '../../../http/deferred-response.js';
import { ApiParam } from '../../../http/openapi/openapi-decorators.js';
import { HeartbeatBody } from '../../agents/agent-api/dto/heartbeat.dto.js';
import { AgentHeartbeat } from '../../agents/agent-api/heartbeat.service.js';
import { CommandProgressReports } from '../results/progress.service.js';
import { CommandCompletion } from '../results/results.service.js';
import { CommandPolling } from './dispatch.service.js';
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
    private readonly heartbeats: AgentHeartbeat,
    private readonly polling: CommandPolling,
    private readonly completion: CommandCompletion,
    private readonly answers: LateAnswers,
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
  ): LateAnswer<AgentCommand[]> {
    return this.answers.give(response, this.polling.poll(agent, query, new Delivery(response)));
  }

  /** Ends a command with its result. The same result sent again is answered the same. */
  @Post(':agentId/commands/:commandId/result')
  @AgentAccess()
  complete(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandResultBody,
  ): Promise<CommandResult> {
    return this.completion.complete(agent, commandId, body);
  }
}

@AgentController()
export class CommandProgressController {
  constructor(private readonly reports: CommandProgressReports) {}

  /** Says how far a running command is; the answer says whether to stop. Log lines are added to those before. */
  @Post(':agentId/commands/:commandId/progress')
  @AgentAccess()
  report(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandProgressBody,
  ): Promise<CommandProgressResponse> {
    return this.reports.take(agent, commandId, body);
  }
}
