import { Module } from '@nestjs/common';
import { AgentHeartbeat } from '../agents/agent-api/heartbeat.service.js';
import { AgentsModule, ServicesModule } from '../agents/agents.module.js';
import { AbleAgents } from '../agents/agents.service.js';
import { ServiceMovesController } from '../agents/services/capsule-services.controller.js';
import { ServiceMoves } from '../agents/services/capsule-services.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandExpiry } from './command-expiry.service.js';
import { CommandSummaryRepository } from './command-lists.repository.js';
import { CommandSummaryService } from './command-summary.service.js';
import { CommandsController } from './commands.controller.js';
import { CommandsRepository } from './commands.repository.js';
import {
  CommandCancellation,
  CommandMetrics,
  CommandReader,
  CommandRetention,
  CommandsService,
} from './commands.service.js';
import { ActionPreparation, PreparationOutcome } from './create/action-preparation.service.js';
import { ActionsController } from './create/actions.controller.js';
import { ActionTargets } from './create/action-targets.js';
import { ActionExecution } from './create/actions.service.js';
import { CommandCreation, CommandIssuer } from './create/command-creation.service.js';
import { CommandEnds } from './create/command-waiters.js';
import { IdempotencyKeysRepository, IdempotentRequests } from './create/idempotency-keys.store.js';
import { AgentLinkController, CommandProgressController } from './dispatch/agent-commands.controller.js';
import { CancelNotices, WaitingCommands } from './dispatch/dispatch-cache.js';
import { CommandDispatch, CommandPolling } from './dispatch/dispatch.service.js';
import { MissedCommands, ParkedPolls } from './dispatch/parked-polls.js';
import { CommandPayloads } from './payload/payload-secrets.js';
import { PayloadChecks } from './payload/payload-validator.js';
import { CommandProgressRepository, CommandResultsRepository } from './results/command-results.repository.js';
import { OneTimeKeys } from './results/one-time-keys.js';
import { CommandProgressReports, ProgressLog } from './results/progress.service.js';
import { CommandCompletion, ResultLog, ResultStamp } from './results/results.service.js';

@Module({
  imports: [ChangesModule, AuditModule, AgentsModule, ServicesModule],
  controllers: [
    AgentLinkController,
    CommandProgressController,
    ActionsController,
    CommandsController,
    ServiceMovesController,
  ],
  providers: [
    CommandsRepository,
    CommandResultsRepository,
    CommandProgressRepository,
    IdempotencyKeysRepository,
    CommandReader,
    CommandsService,
    CommandCancellation,
    IdempotentRequests,
    CommandCreation,
    CommandIssuer,
    CommandPayloads,
    PayloadChecks,
    CommandDispatch,
    CommandPolling,
    ParkedPolls,
    WaitingCommands,
    MissedCommands,
    CancelNotices,
    CommandCompletion,
    CommandProgressReports,
    ProgressLog,
    CommandExpiry,
    CommandRetention,
    CommandEnds,
    CommandMetrics,
    CommandSummaryRepository,
    CommandSummaryService,
    ResultLog,
    ResultStamp,
    OneTimeKeys,
    ActionTargets,
    ActionExecution,
    ActionPreparation,
    PreparationOutcome,
    AgentHeartbeat,
    AbleAgents,
    ServiceMoves,
  ],
  exports: [CommandsService, CommandExpiry, CommandRetention, CommandMetrics, ParkedPolls],
})
export class CommandsModule {}
