import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { Command, CommandDetail, CommandId, CommandSummary, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';
import { Refresh } from '../../core/live/refresh';

const BASE = '/api/admin/commands';

@Injectable({ providedIn: 'root' })
export class CommandsApi {
  readonly #http = inject(HttpClient);
  readonly #refresh = inject(Refresh);

  list(search: () => string): LiveResource<Page<Command>> {
    return liveResource<Page<Command>>(() => `${BASE}?${search()}`);
  }

  /** The summary of the last `seconds`, moving with time. */
  summary(seconds: () => number): LiveResource<CommandSummary> {
    const tick = this.#refresh.tickOf(() => `${BASE}/summary`);
    const search = computed(() => {
      tick();
      const from = new Date(Date.now() - seconds() * 1_000).toISOString();
      return new URLSearchParams({ from }).toString();
    });
    // Read again because its address changes.
    return liveResource<CommandSummary>(() => `${BASE}/summary?${search()}`, { once: true });
  }

  /** Follows one command while `live` allows it. A one-time key is in one answer only: keep it. */
  get(id: () => string, live: () => boolean): LiveResource<CommandDetail> {
    return liveResource<CommandDetail>(() => `${BASE}/${encodeURIComponent(id())}`, { live });
  }

  /** @throws ApiError */
  cancel(id: CommandId): Promise<CommandDetail> {
    return firstValueFrom(this.#http.post<CommandDetail>(`${BASE}/${id}/cancel`, {}));
  }

  /** Returns the new command. @throws ApiError */
  retry(id: CommandId): Promise<Command> {
    return firstValueFrom(this.#http.post<Command>(`${BASE}/${id}/retry`, {}));
  }
}
