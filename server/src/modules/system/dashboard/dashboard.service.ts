import { Injectable } from '@nestjs/common';
import {
  CommandStatus,
  CommandType,
  type Counts,
  type DashboardOverview,
  type DashboardSummary,
  MAX_WALL_SERVICES,
  type OperationalMetrics,
  type RegistrationToken,
  roleAllows,
} from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock, toInstant } from '../../../common/clock.js';
import { AgentsService } from '../../agents/agents.service.js';
import { CapsuleServicesService } from '../../agents/services/capsule-services.service.js';
import { AuditService } from '../../audit/audit.service.js';
import { SessionsService } from '../../auth/sessions/sessions.service.js';
import { UsersService } from '../../auth/users/users.service.js';
import { CommandSummaryService } from '../../commands/command-summary.service.js';
import { CommandsService } from '../../commands/commands.service.js';
import { RegistrationTokensService } from '../../registration/tokens/registration-tokens.service.js';

export const totalOf = <K extends string>(counts: Counts<K>): number =>
  Object.values<number>(counts).reduce((sum, count) => sum + count, 0);

/** The counts, and how many that is in all. */
export const withTotal = <K extends string>(counts: Counts<K>): Counts<K> & { readonly total: number } => ({
  ...counts,
  total: totalOf(counts),
});

const DAY_SECONDS = 86_400;
const SOON_SECONDS = 3_600;
const TROUBLED = 20;
const COMMANDS = 5;
const TOKENS = 20;

/** What an operator looks at first, in one reading. */
@Injectable()
export class DashboardOverviewService {
  constructor(
    private readonly agents: AgentsService,
    private readonly services: CapsuleServicesService,
    private readonly commands: CommandsService,
    private readonly tokens: RegistrationTokensService,
    private readonly clock: Clock,
  ) {}

  async read(reader: UserActor): Promise<DashboardOverview> {
    const all = await this.services.list({ page: 1, pageSize: MAX_WALL_SERVICES });
    return {
      agentCounts: withTotal(await this.agents.counts()),
      serviceCounts: withTotal(await this.services.counts()),
      troubledServices: await this.#troubledServices(),
      failedCommands: await this.#failedCommands(),
      expiringTokens: roleAllows(reader.role, 'operator') ? await this.#expiringTokens() : [],
      services: all.data,
    };
  }

  /** Those that say they are unwell before those that say nothing: of many, the first are what somebody can mend. */
  async #troubledServices(): Promise<DashboardOverview['troubledServices']> {
    const all = { page: 1, pageSize: TROUBLED };
    const { data: unwell } = await this.services.list({ ...all, status: ['UNHEALTHY'] });
    const { data: silent } = await this.services.list({ ...all, status: ['STALE', 'OFFLINE'] });
    return [...unwell, ...silent].slice(0, TROUBLED);
  }

  async #failedCommands(): Promise<DashboardOverview['failedCommands']> {
    const since = this.clock.secondsFromNow(-DAY_SECONDS);
    const { data, pagination } = await this.commands.list({
      page: 1,
      pageSize: COMMANDS,
      type: [CommandType.ACTION_EXECUTE],
      status: [CommandStatus.FAILED, CommandStatus.EXPIRED],
      from: since,
    });
    return { since: toInstant(since), total: pagination.total, newest: data };
  }

  async #expiringTokens(): Promise<RegistrationToken[]> {
    const soon = this.clock.secondsFromNow(SOON_SECONDS).getTime();
    const { data } = await this.tokens.list({ page: 1, pageSize: TOKENS, status: ['ACTIVE'], sort: 'expiresAt' });
    return data.filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= soon);
  }
}

/** How many people there are, and how many are signed in. */
@Injectable()
export class PeopleCounts {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async count(): Promise<{ readonly users: number; readonly activeSessions: number }> {
    return { users: await this.users.count(), activeSessions: await this.sessions.countLive() };
  }
}

const RECENT = 10;

/** The figures of the whole installation. */
@Injectable()
export class DashboardService {
  constructor(
    private readonly agents: AgentsService,
    private readonly services: CapsuleServicesService,
    private readonly commands: CommandsService,
    private readonly commandSummary: CommandSummaryService,
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
        oldestPendingSeconds: await this.commandSummary.oldestPendingSeconds(),
        commandSuccessRate: finished === 0 ? null : commands.SUCCEEDED / finished,
        unhealthyServices: services.UNHEALTHY,
        staleServices: services.STALE,
        offlineAgents: agents.OFFLINE,
      },
      commandDurations: await this.commandSummary.durations(),
      topCommandErrors: await this.commandSummary.topErrors(),
    };
  }
}
