import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { CreateUserRequest, Page, ResetPasswordRequest, UpdateUserRequest, User, UserId } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const BASE = '/api/admin/users';

@Injectable({ providedIn: 'root' })
export class UsersApi {
  readonly #http = inject(HttpClient);

  list(search: () => string): LiveResource<Page<User>> {
    return liveResource<Page<User>>(() => `${BASE}?${search()}`);
  }

  /** @throws ApiError */
  create(request: CreateUserRequest): Promise<User> {
    return firstValueFrom(this.#http.post<User>(BASE, request));
  }

  /** Removes all passkeys of a user. @throws ApiError */
  resetPasskeys(id: UserId): Promise<User> {
    return firstValueFrom(this.#http.post<User>(`${BASE}/${id}/passkeys/reset`, {}));
  }

  /** @throws ApiError */
  update(id: UserId, request: UpdateUserRequest): Promise<User> {
    return firstValueFrom(this.#http.patch<User>(`${BASE}/${id}`, request));
  }

  /** @throws ApiError */
  resetPassword(id: UserId, request: ResetPasswordRequest): Promise<User> {
    return firstValueFrom(this.#http.post<User>(`${BASE}/${id}/reset-password`, request));
  }
}
