import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type {
  Done,
  Passkey,
  PasskeyCeremony,
  PasskeyId,
  PasswordConfirmation,
  RegisterPasskeyRequest,
  RenamePasskeyRequest,
} from '#contracts';
import { liveResource, type LiveResource } from '../live/live-resource';

const BASE = '/api/admin/auth/passkeys';

/** The user's own passkeys. */
@Injectable({ providedIn: 'root' })
export class PasskeysApi {
  readonly #http = inject(HttpClient);

  own(): LiveResource<readonly Passkey[]> {
    return liveResource<readonly Passkey[]>(() => BASE);
  }

  /** Starts a registration; returns the options for the browser. @throws ApiError */
  begin(request: PasswordConfirmation): Promise<PasskeyCeremony> {
    return firstValueFrom(this.#http.post<PasskeyCeremony>(`${BASE}/options`, request));
  }

  /** @throws ApiError */
  register(request: RegisterPasskeyRequest): Promise<Passkey> {
    return firstValueFrom(this.#http.post<Passkey>(BASE, request));
  }

  /** @throws ApiError */
  rename(id: PasskeyId, request: RenamePasskeyRequest): Promise<Passkey> {
    return firstValueFrom(this.#http.patch<Passkey>(`${BASE}/${id}`, request));
  }

  /** @throws ApiError */
  remove(id: PasskeyId, request: PasswordConfirmation): Promise<Done> {
    return firstValueFrom(this.#http.post<Done>(`${BASE}/${id}/remove`, request));
  }
}
