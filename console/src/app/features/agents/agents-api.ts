import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { AgentDetail, AgentId, AgentSummary, Page } from '#contracts';
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

  /** @throws ApiError */
  act(id: AgentId, act: AgentAct): Promise<AgentSummary> {
    return firstValueFrom(this.#http.post<AgentSummary>(`${BASE}/${id}/${act}`, {}));
  }
}
