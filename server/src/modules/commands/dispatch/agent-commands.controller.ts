import { Body, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AgentCommand, CommandResult, HeartbeatResponse } from '#contracts';
import { AgentAccess, AgentController, CurrentAgent } from '../../common/http/access.js';
import { Delivery } from '../../common/http/delivery.js';
import type { AgentActor } from '../../common/http/identity.js';
import { LateAnswers, type LateAnswer } from '../../common/http/late-answers.js';
import { ApiParam } from '../../common/http/openapi.js';
import { HeartbeatBody } from '../services/dto/reported-service.body.js';
import { AgentHeartbeat } from './agent-heartbeat.js';
import { CommandCompletion } from './command-completion.js';
import { CommandPolling } from './command-polling.js';
import { AgentCommandParams } from './dto/command.params.js';
import { CommandResultBody } from './dto/commands.body.js';
import { PollCommandsQuery } from './dto/poll-commands.query.js';

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
