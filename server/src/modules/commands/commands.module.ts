import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { ServicesModule } from '../services/services.module.js';
import { AbleAgents } from './able-agents.js';
import { ActionExecution } from './action-execution.js';
import { ActionPreparation } from './action-preparation.js';
import { ActionTargets } from './action-targets.js';
import { ActionsController } from './actions.controller.js';
import { AgentHeartbeat } from './agent-heartbeat.js';
import { AgentLinkController } from './agent-link.controller.js';
import { CancelNotices } from './cancel-notices.js';
import { CommandCancellation } from './command-cancellation.js';
import { CommandCompletion } from './command-completion.js';
import { CommandCreation } from './command-creation.js';
import { CommandDispatch } from './command-dispatch.js';
import { CommandEnds } from './command-ends.js';
import { CommandExpiry } from './command-expiry.js';
import { CommandIssuer } from './command-issuer.js';
import { CommandMetrics } from './command-metrics.js';
import { CommandPayloads } from './command-payloads.js';
import { CommandPolling } from './command-polling.js';
import { CommandProgressReports } from './command-progress-reports.js';
import { CommandProgressController } from './command-progress.controller.js';
import { CommandProgressRepository } from './command-progress.repository.js';
import { CommandReader } from './command-reader.js';
import { CommandResultsRepository } from './command-results.repository.js';
import { CommandRetention } from './command-retention.js';
import { CommandSummaryService } from './command-summary.js';
import { CommandSummaryRepository } from './command-summary.repository.js';
import { CommandsController } from './commands.controller.js';
import { CommandsRepository } from './commands.repository.js';
import { CommandsService } from './commands.service.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotentRequests } from './idempotent-requests.js';
import { MissedCommands } from './missed-commands.js';
import { OneTimeKeys } from './one-time-keys.js';
import { ParkedPolls } from './parked-polls.js';
import { PayloadChecks } from './payload-checks.js';
import { PreparationOutcome } from './preparation-outcome.js';
import { ProgressLog } from './progress-log.js';
import { ResultLog } from './result-log.js';
import { ResultStamp } from './result-stamp.js';
import { ServiceMovesController } from './service-moves.controller.js';
import { ServiceMoves } from './service-moves.js';
import { WaitingCommands } from './waiting-commands.js';

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
