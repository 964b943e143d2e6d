import { Post } from '@nestjs/common';
import type { RotateAgentTokenResponse } from '#contracts';
import { AgentAccess, AgentController, CurrentAgent } from '../../common/http/access.js';
import type { AgentActor } from '../../common/http/identity.js';
import { ApiParam } from '../../common/http/openapi.js';
import { AgentTokenRotation } from './agent-token-rotation.js';

@AgentController()
export class AgentTokenController {
  constructor(private readonly rotation: AgentTokenRotation) {}

  /** Gives the agent a new token, shown once. The one it called with ends when the new one is used, or in ten minutes. */
  @Post(':agentId/token')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  rotate(@CurrentAgent() agent: AgentActor): Promise<RotateAgentTokenResponse> {
    return this.rotation.rotate(agent);
  }
}
