import { Get } from '@nestjs/common';
import type {
  DashboardOverview,
  DashboardSummary,
  OperationalMetrics,
  RuntimeDiagnostics,
  SafetyReport,
} from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import type { UserActor } from '../../common/http/identity.js';
import { DashboardOverviewService } from './dashboard-overview.service.js';
import { DiagnosticsService } from './diagnostics.service.js';
import { OverviewService } from './overview.service.js';
import { SafetyService } from './safety/safety.service.js';

@AdminController('dashboard')
export class DashboardController {
  constructor(
    private readonly overview: OverviewService,
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
  constructor(private readonly overview: OverviewService) {}

  /** Operational figures. */
  @Get()
  @Access('viewer')
  metrics(): Promise<OperationalMetrics> {
    return this.overview.metrics();
  }
}

@AdminController('diagnostics')
export class DiagnosticsController {
  constructor(
    private readonly diagnostics: DiagnosticsService,
    private readonly safety: SafetyService,
  ) {}

  /** Whether this installation is safe to use: what was found, why it matters, and what to do. */
  @Get('safety')
  @Access('owner')
  report(): Promise<SafetyReport> {
    return this.safety.report();
  }

  /** What this process is and how it is set up; secrets are masked. */
  @Get('runtime')
  @Access('operator')
  runtime(): Promise<RuntimeDiagnostics> {
    return this.diagnostics.runtime();
  }
}
