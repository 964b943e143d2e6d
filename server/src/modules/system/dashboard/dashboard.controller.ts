import { Get } from '@nestjs/common';
import type { DashboardOverview, DashboardSummary, OperationalMetrics } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { DashboardService } from './dashboard.service.js';

@AdminController('dashboard')
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  /** Counts by status, with the newest commands and audit events. */
  @Get('summary')
  @Access('viewer')
  summary(): Promise<DashboardSummary> {
    return this.dashboard.summary();
  }

  /** What needs attention, and all services at a glance. */
  @Get('overview')
  @Access('viewer')
  overview(@CurrentUser() reader: UserActor): Promise<DashboardOverview> {
    return this.dashboard.overview(reader);
  }
}

@AdminController('metrics')
export class MetricsController {
  constructor(private readonly dashboard: DashboardService) {}

  /** Operational figures. */
  @Get()
  @Access('viewer')
  metrics(): Promise<OperationalMetrics> {
    return this.dashboard.metrics();
  }
}
