import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type {
  AgentId,
  AgentSummary,
  CapsuleServiceDetail,
  CapsuleServiceId,
  HealthStrip,
  Instant,
  CapsuleService,
  Page,
  ServiceHealth,
} from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const BASE = '/api/admin/capsule-services';

const pathOf = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

@Injectable({ providedIn: 'root' })
export class ServicesApi {
  readonly #http = inject(HttpClient);

  list(search: () => string): LiveResource<Page<CapsuleService>> {
    return liveResource<Page<CapsuleService>>(() => `${BASE}?${search()}`);
  }

  get(id: () => string, live: () => boolean): LiveResource<CapsuleServiceDetail> {
    return liveResource<CapsuleServiceDetail>(() => pathOf(id()), { live });
  }

  /** Read again only when `ids()` changes. */
  healthStrips(ids: () => readonly CapsuleServiceId[]): LiveResource<readonly HealthStrip[]> {
    const search = (): string => new URLSearchParams(ids().map((id) => ['serviceId', id])).toString();
    const url = (): string | undefined => (ids().length > 0 ? `${BASE}/health-strips?${search()}` : undefined);
    return liveResource<readonly HealthStrip[]>(url, { once: true });
  }

  /** Read again only when `id()` or `from()` changes. */
  health(id: () => string, from: () => Instant): LiveResource<ServiceHealth> {
    return liveResource<ServiceHealth>(() => `${pathOf(id())}/health?${new URLSearchParams({ from: from() })}`, {
      once: true,
    });
  }

  /** The first online agents by name that match `q`, to which a service can move. */
  onlineAgents(q: () => string): LiveResource<Page<AgentSummary>> {
    const search = (): string =>
      new URLSearchParams({ status: 'ONLINE', sort: 'name', pageSize: '20', ...(q() !== '' && { q: q() }) }).toString();
    return liveResource<Page<AgentSummary>>(() => `/api/admin/agents?${search()}`, { once: true });
  }

  /** @throws ApiError */
  move(id: CapsuleServiceId, agentId: AgentId): Promise<CapsuleServiceDetail> {
    return firstValueFrom(this.#http.post<CapsuleServiceDetail>(`${pathOf(id)}/move`, { agentId }));
  }
}
