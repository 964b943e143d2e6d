import { Injectable } from '@nestjs/common';
import type { DashboardSummary, OperationalMetrics } from '#contracts';
import { AgentsService } from '../agents/agents.service.js';
import { AuditService } from '../audit/audit.service.js';
import { CommandMetrics } from '../commands/command-metrics.js';
import { CommandsService } from '../commands/commands.service.js';
import { CapsuleServiceCatalog } from '../services/capsule-service-catalog.js';
import { PeopleCounts } from './people-counts.js';
import { totalOf, withTotal } from './with-total.js';

const RECENT = 10;

/** The figures of the whole installation. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly agents: AgentsService,
    private readonly services: CapsuleServiceCatalog,
    private readonly commands: CommandsService,
    private readonly commandMetrics: CommandMetrics,
    private readonly audit: AuditService,
    private readonly people: PeopleCounts,
  ) {}

  async summary(): Promise<DashboardSummary> {
    return {
      agentCounts: withTotal(await this.agents.counts()),
      serviceCounts: withTotal(await this.services.counts()),
      commandCounts: withTotal(await this.commands.counts()),
      auditEventCount: await this.audit.count(),
      recentCommands: await this.commands.newest(RECENT),
      recentAuditEvents: await this.audit.newest(RECENT),
    };
  }

  async metrics(): Promise<OperationalMetrics> {
    const agents = await this.agents.counts();
    const services = await this.services.counts();
    const commands = await this.commands.counts();
    const finished = commands.SUCCEEDED + commands.FAILED + commands.EXPIRED;
    return {
      totals: {
        agents: totalOf(agents),
        services: totalOf(services),
        commands: totalOf(commands),
        auditEvents: await this.audit.count(),
        ...(await this.people.count()),
      },
      byStatus: { agents, services, commands },
      operational: {
        pendingCommands: commands.PENDING,
        runningCommands: commands.RUNNING,
        oldestPendingSeconds: await this.commandMetrics.oldestPendingSeconds(),
        commandSuccessRate: finished === 0 ? null : commands.SUCCEEDED / finished,
        unhealthyServices: services.UNHEALTHY,
        staleServices: services.STALE,
        offlineAgents: agents.OFFLINE,
      },
      commandDurations: await this.commandMetrics.durations(),
      topCommandErrors: await this.commandMetrics.topErrors(),
    };
  }
}
