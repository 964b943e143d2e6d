import { Module } from '@nestjs/common';
import { HeartbeatService } from '../agents/agent-api/heartbeat.service.js';
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
import { ActionPreparationService, PreparationOutcome } from './create/action-preparation.service.js';
import { ActionTargets } from './create/action-targets.js';
import { ActionsController } from './create/actions.controller.js';
import { ActionsService } from './create/actions.service.js';
import { CommandCreationService, CommandIssuer } from './create/command-creation.service.js';
import { CommandWaiters } from './create/command-waiters.js';
import { IdempotencyKeysRepository, IdempotencyKeysStore } from './create/idempotency-keys.store.js';
import { AgentLinkController, CommandProgressController } from './dispatch/agent-commands.controller.js';
import { CancelNotices, DispatchCache } from './dispatch/dispatch-cache.js';
import { CommandDispatch, DispatchService } from './dispatch/dispatch.service.js';
import { MissedCommands, ParkedPolls } from './dispatch/parked-polls.js';
import { PayloadSecrets } from './payload/payload-secrets.js';
import { PayloadValidator } from './payload/payload-validator.js';
import { CommandProgressRepository, CommandResultsRepository } from './results/command-results.repository.js';
import { OneTimeKeys } from './results/one-time-keys.js';
import { ProgressService, ProgressLog } from './results/progress.service.js';
import { ResultsService, ResultLog, ResultStamp } from './results/results.service.js';

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
    IdempotencyKeysStore,
    CommandCreationService,
    CommandIssuer,
    PayloadSecrets,
    PayloadValidator,
    CommandDispatch,
    DispatchService,
    ParkedPolls,
    DispatchCache,
    MissedCommands,
    CancelNotices,
    ResultsService,
    ProgressService,
    ProgressLog,
    CommandExpiry,
    CommandRetention,
    CommandWaiters,
    CommandMetrics,
    CommandSummaryRepository,
    CommandSummaryService,
    ResultLog,
    ResultStamp,
    OneTimeKeys,
    ActionTargets,
    ActionsService,
    ActionPreparationService,
    PreparationOutcome,
    HeartbeatService,
    AbleAgents,
    ServiceMoves,
  ],
  exports: [CommandsService, CommandExpiry, CommandRetention, CommandMetrics, ParkedPolls],
})
export class CommandsModule {}
