import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { EndedSessions, Page, SessionId, SessionSummary, UserId } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

/** As many as are shown; who has more ends all of them at once. */
const MOST = 100;

/** One's own sessions for null, else those of a user. */
const baseOf = (user: UserId | null): string =>
  user === null ? '/api/admin/auth/sessions' : `/api/admin/users/${user}/sessions`;

@Injectable({ providedIn: 'root' })
export class SessionsApi {
  readonly #http = inject(HttpClient);

  list(user: () => UserId | null): LiveResource<Page<SessionSummary>> {
    return liveResource<Page<SessionSummary>>(() => `${baseOf(user())}?pageSize=${MOST}`, { once: true });
  }

  /** @throws ApiError */
  end(user: UserId | null, id: SessionId): Promise<EndedSessions> {
    return firstValueFrom(this.#http.delete<EndedSessions>(`${baseOf(user)}/${id}`));
  }

  /** All but the one that asks. @throws ApiError */
  endOthers(user: UserId | null): Promise<EndedSessions> {
    return firstValueFrom(this.#http.delete<EndedSessions>(baseOf(user)));
  }
}
