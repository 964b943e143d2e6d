import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { Command, CommandDetail, CommandId, Page } from '#contracts';
import { liveResource, type LiveResource } from '../../core/list/live-resource';

const BASE = '/api/admin/commands';

@Injectable({ providedIn: 'root' })
export class CommandsApi {
  readonly #http = inject(HttpClient);

  list(search: () => string): LiveResource<Page<Command>> {
    return liveResource<Page<Command>>(() => `${BASE}?${search()}`);
  }

  /** Follows one command while `live` says so. A one-time key is in one answer only: whoever reads it keeps it. */
  get(id: () => string, live: () => boolean): LiveResource<CommandDetail> {
    return liveResource<CommandDetail>(() => `${BASE}/${encodeURIComponent(id())}`, { live });
  }

  /** @throws ApiError */
  cancel(id: CommandId): Promise<CommandDetail> {
    return firstValueFrom(this.#http.post<CommandDetail>(`${BASE}/${id}/cancel`, {}));
  }

  /** The command that repeats it. @throws ApiError */
  retry(id: CommandId): Promise<Command> {
    return firstValueFrom(this.#http.post<Command>(`${BASE}/${id}/retry`, {}));
  }
}
