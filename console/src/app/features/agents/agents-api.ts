import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { AgentDetail, AgentId, AgentSummary, AuditEvent, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const BASE = '/api/admin/agents';

/** What an operator may do to an agent. */
export type AgentAct = 'disable' | 'enable' | 'revoke';

@Injectable({ providedIn: 'root' })
export class AgentsApi {
  readonly #http = inject(HttpClient);

  list(search: () => string): LiveResource<Page<AgentSummary>> {
    return liveResource<Page<AgentSummary>>(() => `${BASE}?${search()}`);
  }

  get(id: () => string, live: () => boolean): LiveResource<AgentDetail> {
    return liveResource<AgentDetail>(() => `${BASE}/${encodeURIComponent(id())}`, { live });
  }

  /** The newest refused registration as this agent since it registered. Read when the agent, or its registration, changes. */
  newestRefusal(agent: () => AgentSummary): LiveResource<Page<AuditEvent>> {
    const only = { action: 'registration.rejected', pageSize: '1', sort: '-createdAt' };
    // Computed, so that a refreshed agent with the same registration reads nothing.
    const url = computed(() => {
      const { id, registeredAt } = agent();
      return `/api/admin/audit-events?${new URLSearchParams({ targetId: id, from: registeredAt, ...only })}`;
    });
    return liveResource<Page<AuditEvent>>(url, { once: true });
  }

  /** @throws ApiError */
  act(id: AgentId, act: AgentAct): Promise<AgentSummary> {
    return firstValueFrom(this.#http.post<AgentSummary>(`${BASE}/${id}/${act}`, {}));
  }
}
