import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type {
  ChangePasswordRequest,
  Confirmation,
  Done,
  LoginRequest,
  PasskeyCeremony,
  PasskeyLoginRequest,
  PasswordConfirmation,
  SessionInfo,
} from '#contracts';
import { liveResource, type LiveResource } from '../live/live-resource';

const BASE = '/api/admin/auth';

@Injectable({ providedIn: 'root' })
export class AuthApi {
  readonly #http = inject(HttpClient);

  me(): Promise<SessionInfo> {
    return firstValueFrom(this.#http.get<SessionInfo>(`${BASE}/me`));
  }

  /** The current session, read once. */
  session(): LiveResource<SessionInfo> {
    return liveResource<SessionInfo>(() => `${BASE}/me`, { once: true });
  }

  login(request: LoginRequest): Promise<SessionInfo> {
    return firstValueFrom(this.#http.post<SessionInfo>(`${BASE}/login`, request));
  }

  loginWithPasskey(request: PasskeyLoginRequest): Promise<SessionInfo> {
    return firstValueFrom(this.#http.post<SessionInfo>(`${BASE}/login/passkey`, request));
  }

  logout(): Promise<Done> {
    return firstValueFrom(this.#http.post<Done>(`${BASE}/logout`, {}));
  }

  /** Proves again who the user is. @throws ApiError */
  confirm(request: PasswordConfirmation): Promise<Confirmation> {
    return firstValueFrom(this.#http.post<Confirmation>(`${BASE}/confirm`, request));
  }

  /** Starts {@link confirmWithPasskey}; returns the options for the browser. @throws ApiError */
  beginConfirmation(): Promise<PasskeyCeremony> {
    return firstValueFrom(this.#http.post<PasskeyCeremony>(`${BASE}/confirm/passkey/options`, {}));
  }

  /** @throws ApiError */
  confirmWithPasskey(request: PasskeyLoginRequest): Promise<Confirmation> {
    return firstValueFrom(this.#http.post<Confirmation>(`${BASE}/confirm/passkey`, request));
  }

  changePassword(request: ChangePasswordRequest): Promise<Done> {
    return firstValueFrom(this.#http.post<Done>(`${BASE}/password`, request));
  }
}
