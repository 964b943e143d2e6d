import { Module } from '@nestjs/common';
import { HeartbeatService } from '../agents/agent-api/heartbeat.service.js';
import { AgentsModule } from '../agents/agents.module.js';
import { CapsuleServicesService } from '../agents/services/capsule-services.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandClocks } from './command-clocks.js';
import { CommandExpiryService } from './command-expiry.service.js';
import { CommandListsRepository } from './command-lists.repository.js';
import { CommandSummaryService } from './command-summary.service.js';
import { CommandsController } from './commands.controller.js';
import { CommandsRepository } from './commands.repository.js';
import { CommandsService } from './commands.service.js';
import { ActionPreparationService } from './create/action-preparation.service.js';
import { ActionsController } from './create/actions.controller.js';
import { ActionsService } from './create/actions.service.js';
import { CommandCreationService } from './create/command-creation.service.js';
import { CommandWaiters } from './create/command-waiters.js';
import { IdempotencyKeysStore } from './create/idempotency-keys.store.js';
import { AgentCommandsController } from './dispatch/agent-commands.controller.js';
import { ClaimedCommands } from './dispatch/claimed-commands.js';
import { ClaimsService } from './dispatch/claims.service.js';
import { DispatchCache } from './dispatch/dispatch-cache.js';
import { DispatchService } from './dispatch/dispatch.service.js';
import { ParkedPolls } from './dispatch/parked-polls.js';
import { PayloadSecrets } from './payload/payload-secrets.js';
import { PayloadValidator } from './payload/payload-validator.js';
import { CommandResultsRepository } from './results/command-results.repository.js';
import { OneTimeKeys } from './results/one-time-keys.js';
import { ProgressService } from './results/progress.service.js';
import { ResultsService } from './results/results.service.js';

@Module({
  // Agents first: Express tries routes in the order of the modules, and agents call theirs most often.
  imports: [AgentsModule, ChangesModule, AuditModule],
  controllers: [AgentCommandsController, ActionsController, CommandsController],
  providers: [
    CommandsRepository,
    CommandListsRepository,
    CommandResultsRepository,
    IdempotencyKeysStore,
    CommandClocks,
    CommandsService,
    CommandSummaryService,
    CommandExpiryService,
    PayloadSecrets,
    PayloadValidator,
    OneTimeKeys,
    ResultsService,
    ProgressService,
    CommandCreationService,
    CommandWaiters,
    ActionsService,
    ActionPreparationService,
    ClaimedCommands,
    ClaimsService,
    DispatchCache,
    ParkedPolls,
    DispatchService,
  ],
  exports: [CommandsService, CommandSummaryService, ParkedPolls],
})
export class CommandsModule {
  /** Adds commands to heartbeats and to moves of services, because the agents module must not depend on this one. */
  constructor(
    heartbeats: HeartbeatService,
    services: CapsuleServicesService,
    dispatchCache: DispatchCache,
    commands: CommandsService,
  ) {
    heartbeats.addPart(async ({ id }) => ({ cancelledCommandIds: await dispatchCache.cancelledCommands(id) }));
    services.onMove((tx, actor, serviceId) => commands.cancelPending(tx, actor, serviceId));
  }
}
