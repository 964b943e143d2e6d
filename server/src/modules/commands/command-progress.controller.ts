import { Body, Param, Post } from '@nestjs/common';
import type { CommandProgressResponse } from '#contracts';
import { AgentAccess, AgentController, CurrentAgent } from '../../common/http/access.js';
import type { AgentActor } from '../../common/http/identity.js';
import { CommandProgressReports } from './command-progress-reports.js';
import { CommandProgressBody } from './dto/command-progress.body.js';
import { AgentCommandParams } from './dto/command.params.js';

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
