import { Body, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AgentCommand, CommandProgressResponse, SubmittedResult } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent, HasEffect } from '../../../http/access.js';
import { ResponseDelivery, type Deferred, DeferredResponse } from '../../../http/deferred-response.js';
import { ProgressService } from '../results/progress.service.js';
import { ResultsService } from '../results/results.service.js';
import { DispatchService } from './dispatch.service.js';
import {
  AgentCommandParams,
  CommandProgressBody,
  CommandResultBody,
  PollCommandsQuery,
} from './dto/agent-commands.dto.js';

/** The agent's own routes for commands: poll, report progress, report the result. */
@AgentController()
export class AgentCommandsController {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly progress: ProgressService,
    private readonly results: ResultsService,
    private readonly deferred: DeferredResponse,
  ) {}

  /**
   * Takes pending commands, oldest first; each is RUNNING from now on, its payload in the clear. While there is none, the
   * request is held open for up to `wait` seconds.
   */
  @Get(':agentId/commands')
  @AgentAccess()
  @HasEffect()
  poll(
    @CurrentAgent() agent: AgentActor,
    @Query() query: PollCommandsQuery,
    @Res() response: Response,
  ): Deferred<AgentCommand[]> {
    return this.deferred.send(response, this.dispatch.poll(agent, query, new ResponseDelivery(response)));
  }

  /** Reports how far a running command is; the response says whether to stop. Log lines are appended to earlier ones. */
  @Post(':agentId/commands/:commandId/progress')
  @AgentAccess()
  reportProgress(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandProgressBody,
  ): Promise<CommandProgressResponse> {
    return this.progress.report(agent, commandId, body);
  }

  /** Ends a command with its result. Sending the same result again returns the same response. */
  @Post(':agentId/commands/:commandId/result')
  @AgentAccess()
  submitResult(
    @CurrentAgent() agent: AgentActor,
    @Param() { commandId }: AgentCommandParams,
    @Body() body: CommandResultBody,
  ): Promise<SubmittedResult> {
    return this.results.submit(agent, commandId, body);
  }
}
