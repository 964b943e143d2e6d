import { Get } from '@nestjs/common';
import type { DashboardOverview, DashboardSummary, OperationalMetrics } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { DashboardOverviewService, DashboardService } from './dashboard.service.js';

@AdminController('dashboard')
export class DashboardController {
  constructor(
    private readonly overview: DashboardService,
    private readonly dashboard: DashboardOverviewService,
  ) {}

  /** Counts, and the newest commands and audit events. */
  @Get('summary')
  @Access('viewer')
  summary(): Promise<DashboardSummary> {
    return this.overview.summary();
  }

  /** What needs someone, and the services at a glance. */
  @Get('overview')
  @Access('viewer')
  read(@CurrentUser() reader: UserActor): Promise<DashboardOverview> {
    return this.dashboard.read(reader);
  }
}

@AdminController('metrics')
export class MetricsController {
  constructor(private readonly overview: DashboardService) {}

  /** Operational figures. */
  @Get()
  @Access('viewer')
  metrics(): Promise<OperationalMetrics> {
    return this.overview.metrics();
  }
}
