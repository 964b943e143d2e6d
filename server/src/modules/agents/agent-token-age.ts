import { Injectable } from '@nestjs/common';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { AgentCredentials } from './agent-credentials.js';

const DAY_SECONDS = 86_400;

/** Knows which agents should ask for a new token. */
@Injectable()
export class AgentTokenAge {
  constructor(
    private readonly config: AppConfig,
    private readonly credentials: AgentCredentials,
    private readonly clock: Clock,
  ) {}

  /** Whether the token the agent showed is too old, or about to end because the agent never got to use the next one. */
  async isDue({ tokenHash }: AgentActor): Promise<boolean> {
    const known = await this.credentials.find(tokenHash);
    if (!known) return false;
    if (known.token.retiresAt !== null) return true;
    const { agentTokenMaxAgeDays: days } = this.config;
    return days > 0 && known.token.createdAt <= this.clock.secondsFromNow(-days * DAY_SECONDS);
  }
}
