import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type {
  CreatedRegistrationToken,
  CreateRegistrationTokenRequest,
  Done,
  Page,
  RegistrationToken,
  RegistrationTokenId,
} from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const BASE = '/api/admin/registration-tokens';

@Injectable({ providedIn: 'root' })
export class RegistrationTokensApi {
  readonly #http = inject(HttpClient);

  list(search: () => string): LiveResource<Page<RegistrationToken>> {
    return liveResource<Page<RegistrationToken>>(() => `${BASE}?${search()}`);
  }

  /** @throws ApiError */
  create(request: CreateRegistrationTokenRequest): Promise<CreatedRegistrationToken> {
    return firstValueFrom(this.#http.post<CreatedRegistrationToken>(BASE, request));
  }

  /** @throws ApiError */
  revoke(id: RegistrationTokenId): Promise<RegistrationToken> {
    return firstValueFrom(this.#http.post<RegistrationToken>(`${BASE}/${id}/revoke`, {}));
  }

  /** @throws ApiError */
  delete(id: RegistrationTokenId): Promise<Done> {
    return firstValueFrom(this.#http.delete<Done>(`${BASE}/${id}`));
  }
}
