import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { CapsuleServiceDetail } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
import { Now } from '../../../shared/format/now';
import { RelativeTime } from '../../../shared/format/relative-time';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { serviceReason } from '../../../shared/status/service-reason';
import { StatusBadge } from '../../../shared/status/status-badge';
import { ReportWarnings } from '../../../shared/warnings/report-warnings';
import { HealthBar } from '../health/health-bar';
import { toSegments } from '../health/health-segments';
import { MoveService } from '../move/move-service-dialog';
import { ServicesApi } from '../services-api';
import { recentFrom } from './recent-range';

const MINUTE_MS = 60_000;

/** The status of a service and its reason, its facts, and its last day. */
@Component({
  selector: 'ops-service-overview',
  templateUrl: './service-overview.html',
  styleUrl: './service-overview.scss',
  imports: [
    FailedState,
    HealthBar,
    IfRole,
    MatButton,
    RelativeTime,
    ReportWarnings,
    RouterLink,
    Skeleton,
    StatusBadge,
    TextPipe,
  ],
})
export class ServiceOverview {
  readonly service = input.required<CapsuleServiceDetail>();
  protected readonly mover = inject(MoveService);
  readonly #now = inject(Now);
  readonly #minute = computed(() => Math.ceil(this.#now.ms() / MINUTE_MS) * MINUTE_MS);
  readonly #from = recentFrom(this.service, () => 24);
  readonly #id = computed(() => this.service().id);
  protected readonly health = inject(ServicesApi).health(this.#id, this.#from);
  protected readonly segments = computed(() => {
    const health = this.health.value();
    return health ? toSegments(health, Date.parse(this.#from()), this.#minute()) : [];
  });
  protected readonly reason = computed(() => serviceReason(this.service()));
  protected readonly labels = computed(() => Object.entries(this.service().labels));
}
