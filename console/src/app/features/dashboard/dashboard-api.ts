import { Injectable } from '@angular/core';
import type { DashboardOverview } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

@Injectable({ providedIn: 'root' })
export class DashboardApi {
  /** All data of the overview, in one request. */
  overview(): LiveResource<DashboardOverview> {
    return liveResource<DashboardOverview>(() => '/api/admin/dashboard/overview');
  }
}
