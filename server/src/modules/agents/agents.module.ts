import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentEnrolment } from './agent-enrolment.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { OfflineThreshold } from './offline-threshold.js';
import { SilentAgents } from './silent-agents.js';

@Module({
  imports: [AuditModule, SettingsModule],
  controllers: [AgentsController],
  providers: [
    AgentsRepository,
    AgentTokensRepository,
    AgentsService,
    AgentEnrolment,
    AgentLiveness,
    OfflineThreshold,
    SilentAgents,
  ],
  exports: [
    AgentsRepository,
    AgentTokensRepository,
    AgentsService,
    AgentEnrolment,
    AgentLiveness,
    OfflineThreshold,
    SilentAgents,
  ],
})
export class AgentsModule {}
