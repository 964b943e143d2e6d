import { Component, computed, inject, input } from '@angular/core';
import { TextPipe } from '../../../core/i18n/texts';
import { PageHeader } from '../../../shared/layout/page-header';
import { TabNav } from '../../../shared/layout/tab-nav';
import { RelatedAudit } from '../../../shared/related/related-audit';
import { RelatedCommands } from '../../../shared/related/related-commands';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StaleNote } from '../../../shared/states/stale-note';
import { StatusBadge } from '../../../shared/status/status-badge';
import { ServicesApi } from '../services-api';
import { ServiceActions } from './service-actions';
import { ServiceConfigs } from './service-configs';
import { ServiceHealthTimeline } from './service-health-timeline';
import { ServiceManifest } from './service-manifest';
import { ServiceOverview } from './service-overview';
import { hasOwnList, SERVICE_TAB_NAMES, SERVICE_TABS, tabNamed } from './service-tabs';

/** One service, in tabs that the URL names. */
@Component({
  selector: 'ops-service-detail',
  templateUrl: './service-detail.html',
  imports: [
    FailedState,
    PageHeader,
    RelatedAudit,
    RelatedCommands,
    ServiceActions,
    ServiceConfigs,
    ServiceHealthTimeline,
    ServiceManifest,
    ServiceOverview,
    Skeleton,
    StatusBadge,
    TabNav,
    StaleNote,
    TextPipe,
  ],
})
export class ServiceDetail {
  /** From the address. */
  readonly id = input.required<string>();
  /** From the address. */
  readonly tab = input<string>();
  protected readonly tabs = SERVICE_TABS;
  protected readonly tabNames = SERVICE_TAB_NAMES;
  protected readonly current = computed(() => tabNamed(this.tab()));
  protected readonly service = inject(ServicesApi).get(this.id, () => !hasOwnList(this.current()));
}
