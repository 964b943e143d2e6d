import { Module } from '@nestjs/common';
import { ServerLoad } from '../../common/time/server-load.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentCadence } from './agent-cadence.js';
import { AgentCredentials } from './agent-credentials.js';
import { AgentEnrolment } from './agent-enrolment.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentTokenAge } from './agent-token-age.js';
import { AgentTokenRotation } from './agent-token-rotation.js';
import { AgentTokenSuccession } from './agent-token-succession.js';
import { AgentTokenController } from './agent-token.controller.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { HeartbeatAudit } from './heartbeat-audit.js';
import { OfflineThreshold } from './offline-threshold.js';
import { SilentAgents } from './silent-agents.js';

@Module({
  imports: [ChangesModule, AuditModule, SettingsModule],
  controllers: [AgentsController, AgentTokenController],
  providers: [
    AgentsRepository,
    AgentTokensRepository,
    AgentsService,
    AgentEnrolment,
    AgentLiveness,
    HeartbeatAudit,
    AgentCredentials,
    AgentTokenSuccession,
    AgentTokenRotation,
    AgentTokenAge,
    AgentCadence,
    ServerLoad,
    OfflineThreshold,
    SilentAgents,
  ],
  exports: [
    AgentsRepository,
    AgentsService,
    AgentEnrolment,
    AgentLiveness,
    HeartbeatAudit,
    AgentCredentials,
    AgentTokenAge,
    AgentCadence,
    OfflineThreshold,
    SilentAgents,
  ],
})
export class AgentsModule {}
