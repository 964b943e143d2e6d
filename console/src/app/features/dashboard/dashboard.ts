import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../core/i18n/texts';
import { Session } from '../../core/session/session';
import { PageHeader } from '../../shared/layout/page-header';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { Skeleton } from '../../shared/states/skeleton';
import { StaleNote } from '../../shared/states/stale-note';
import { Attention } from './attention/attention';
import { StatusCounts } from './counts/status-counts';
import { DashboardApi } from './dashboard-api';
import { SafetyHint } from './safety/safety-hint';
import { ServiceWall } from './wall/service-wall';

const SERVICE_STATUSES = ['UNHEALTHY', 'OFFLINE', 'STALE', 'UNKNOWN', 'HEALTHY'] as const;
const AGENT_STATUSES = ['OFFLINE', 'DISABLED', 'REVOKED', 'PENDING', 'ONLINE'] as const;

/** What needs attention, then all services at a glance; with `?kiosk=1` only the services, for a wall screen. */
@Component({
  selector: 'ops-dashboard',
  templateUrl: './dashboard.html',
  styleUrl: './dashboard.scss',
  imports: [
    Attention,
    EmptyState,
    FailedState,
    MatButton,
    MatIcon,
    PageHeader,
    RouterLink,
    SafetyHint,
    ServiceWall,
    Skeleton,
    StatusCounts,
    StaleNote,
    TextPipe,
  ],
  host: { '[class.kiosk]': 'isKiosk()' },
})
export class Dashboard {
  /** From the address. */
  readonly kiosk = input<string>();
  readonly #session = inject(Session);
  protected readonly overview = inject(DashboardApi).overview();
  protected readonly isKiosk = computed(() => this.kiosk() === '1');
  protected readonly canEnrol = computed(() => this.#session.allows('operator'));
  protected readonly serviceStatuses = SERVICE_STATUSES;
  protected readonly agentStatuses = AGENT_STATUSES;
  /** When there are too many for the wall, those in trouble still are on it. */
  protected readonly onWall = computed(() => {
    const { services = [], troubledServices = [] } = this.overview.value() ?? {};
    const shown = new Set(services.map(({ id }) => id));
    return [...services, ...troubledServices.filter(({ id }) => !shown.has(id))];
  });
  protected readonly isFirstRun = computed(() => {
    const overview = this.overview.value();
    return overview?.agentCounts.total === 0 && overview.serviceCounts.total === 0;
  });
}
