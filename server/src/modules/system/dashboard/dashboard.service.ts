import { Injectable } from '@nestjs/common';
import {
  CommandStatus,
  CommandType,
  type Counts,
  type DashboardOverview,
  type DashboardSummary,
  DEFAULT_WORKSPACE,
  MAX_WALL_SERVICES,
  type OperationalMetrics,
  type RegistrationToken,
  roleAllows,
} from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock, toInstant } from '../../../common/clock.js';
import { Telemetry } from '../../../common/telemetry.js';
import { AgentsService } from '../../agents/agents.service.js';
import { CapsuleServicesService } from '../../agents/services/capsule-services.service.js';
import { AuditService } from '../../audit/audit.service.js';
import { SessionsService } from '../../auth/sessions/sessions.service.js';
import { UsersService } from '../../auth/users/users.service.js';
import { CommandSummaryService } from '../../commands/command-summary.service.js';
import { CommandsService } from '../../commands/commands.service.js';
import { RegistrationTokensService } from '../../registration/tokens/registration-tokens.service.js';

const DAY_SECONDS = 86_400;
const EXPIRING_SOON_SECONDS = 3_600;
const MAX_TROUBLED_SERVICES = 20;
const MAX_FAILED_COMMANDS = 5;
const MAX_EXPIRING_TOKENS = 20;
const MAX_RECENT = 10;

const totalOf = <K extends string>(counts: Counts<K>): number =>
  Object.values<number>(counts).reduce((sum, count) => sum + count, 0);

const withTotal = <K extends string>(counts: Counts<K>): Counts<K> & { readonly total: number } => ({
  ...counts,
  total: totalOf(counts),
});

/** What the dashboard shows: an overview for operators, and figures of the whole installation. */
@Injectable()
export class DashboardService {
  constructor(
    private readonly agents: AgentsService,
    private readonly services: CapsuleServicesService,
    private readonly commands: CommandsService,
    private readonly commandSummary: CommandSummaryService,
    private readonly tokens: RegistrationTokensService,
    private readonly audit: AuditService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /** What an operator looks at first: what needs attention, and all services. Only operators see expiring tokens. */
  async overview(reader: UserActor): Promise<DashboardOverview> {
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

  /** Counts by status, with the newest commands and audit events. */
  async summary(): Promise<DashboardSummary> {
    return {
      workspace: DEFAULT_WORKSPACE,
      agentCounts: withTotal(await this.agents.counts()),
      serviceCounts: withTotal(await this.services.counts()),
      commandCounts: withTotal(await this.commands.counts()),
      auditEventCount: await this.audit.count(),
      recentCommands: await this.commands.newest(MAX_RECENT),
      recentAuditEvents: await this.audit.newest(MAX_RECENT),
    };
  }

  /** Operational figures; the success rate is null before the first command has finished. */
  async metrics(): Promise<OperationalMetrics> {
    const agents = await this.agents.counts();
    const services = await this.services.counts();
    const commands = await this.commands.counts();
    const registrationTokens = await this.tokens.counts();
    const finished = commands.SUCCEEDED + commands.FAILED + commands.EXPIRED;
    return {
      workspace: DEFAULT_WORKSPACE,
      totals: {
        agents: totalOf(agents),
        services: totalOf(services),
        capsuleServices: totalOf(services),
        registrationTokens: totalOf(registrationTokens),
        commands: totalOf(commands),
        auditEvents: await this.audit.count(),
        users: await this.users.count(),
        activeSessions: await this.sessions.countLive(),
      },
      byStatus: { agents, services, capsuleServices: services, registrationTokens, commands },
      operational: {
        pendingCommands: commands.PENDING,
        runningCommands: commands.RUNNING,
        oldestPendingSeconds: await this.commandSummary.oldestPendingSeconds(),
        commandSuccessRate: finished === 0 ? null : commands.SUCCEEDED / finished,
        unhealthyServices: services.UNHEALTHY,
        staleServices: services.STALE,
        offlineAgents: agents.OFFLINE,
        staleOnlineAgents: await this.agents.countSilent(),
        ...(await this.commandSummary.outcomes()),
        ...this.telemetry.counts,
      },
      commandDurations: await this.commandSummary.durations(),
      topCommandErrors: await this.commandSummary.topErrors(),
    };
  }

  /** Services that report a problem come before silent ones: an operator can act on them sooner. */
  async #troubledServices(): Promise<DashboardOverview['troubledServices']> {
    const page = { page: 1, pageSize: MAX_TROUBLED_SERVICES };
    const { data: unhealthy } = await this.services.list({ ...page, status: ['UNHEALTHY'] });
    const { data: silent } = await this.services.list({ ...page, status: ['STALE', 'OFFLINE'] });
    return [...unhealthy, ...silent].slice(0, MAX_TROUBLED_SERVICES);
  }

  async #failedCommands(): Promise<DashboardOverview['failedCommands']> {
    const since = this.clock.secondsFromNow(-DAY_SECONDS);
    const { data, pagination } = await this.commands.list({
      page: 1,
      pageSize: MAX_FAILED_COMMANDS,
      type: [CommandType.ACTION_EXECUTE],
      status: [CommandStatus.FAILED, CommandStatus.EXPIRED],
      from: since,
    });
    return { since: toInstant(since), total: pagination.total, newest: data };
  }

  async #expiringTokens(): Promise<RegistrationToken[]> {
    const soon = this.clock.secondsFromNow(EXPIRING_SOON_SECONDS).getTime();
    const page = { page: 1, pageSize: MAX_EXPIRING_TOKENS };
    const { data } = await this.tokens.list({ ...page, status: ['ACTIVE'], sort: 'expiresAt' });
    return data.filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= soon);
  }
}
