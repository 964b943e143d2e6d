import { Injectable } from '@nestjs/common';
import {
  CommandStatus,
  CommandType,
  MAX_WALL_SERVICES,
  roleAllows,
  type DashboardOverview,
  type RegistrationToken,
} from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { AgentsService } from '../agents/agents.service.js';
import { CommandsService } from '../commands/commands.service.js';
import { RegistrationTokensService } from '../registration/registration-tokens.service.js';
import { CapsuleServiceCatalog } from '../services/capsule-service-catalog.js';
import { withTotal } from './with-total.js';

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
    private readonly services: CapsuleServiceCatalog,
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
