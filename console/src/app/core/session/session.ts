import { computed, inject, Injectable, signal } from '@angular/core';
import {
  roleAllows,
  type LoginRequest,
  type PasskeyCeremony,
  type PasskeyLoginRequest,
  type Role,
  type SessionInfo,
  type SessionUser,
} from '#contracts';
import { toApiError } from '../api/api-error';
import { AuthApi } from './auth-api';
import { CsrfToken } from './csrf-token';
import { Enrolment } from './enrolment';

/** `unavailable`: the server did not answer, which does not sign anyone out. */
export type SessionState = 'loading' | 'signedIn' | 'signedOut' | 'unavailable';

interface Known {
  readonly state: SessionState;
  readonly user: SessionUser | null;
}

/** The signed-in user and their role. */
@Injectable({ providedIn: 'root' })
export class Session {
  readonly #api = inject(AuthApi);
  readonly #csrf = inject(CsrfToken);
  readonly #enrolment = inject(Enrolment);
  readonly #known = signal<Known>({ state: 'loading', user: null });

  /** The server has ended the session while the page is still open. */
  readonly isExpired = computed(() => this.#known().state === 'signedIn' && this.#csrf.isSessionOver());
  readonly state = computed(() => this.#known().state);
  readonly user = computed(() => this.#known().user);

  /** Asks the server who is signed in. */
  async load(): Promise<void> {
    try {
      this.#learn(await this.#api.me());
    } catch (thrown) {
      const isKnown = toApiError(thrown).status === 401;
      this.#known.set({ state: isKnown ? 'signedOut' : 'unavailable', user: null });
    }
  }

  /** Reads the session that the cookie stands for now. Without an answer the user stays known. */
  async renew(): Promise<'renewed' | 'otherUser' | 'failed'> {
    try {
      const info = await this.#api.me();
      if (info.user.id !== this.user()?.id) return 'otherUser';
      this.#learn(info);
      return 'renewed';
    } catch {
      // The refused request is the failure to report.
      return 'failed';
    }
  }

  /** Signs in by password. Returns the options for a passkey when one has to follow, else null. @throws ApiError */
  async signIn(request: LoginRequest): Promise<PasskeyCeremony | null> {
    try {
      this.#learn(await this.#api.login(request));
      return null;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === 'SECOND_FACTOR_REQUIRED') return error.details as PasskeyCeremony;
      throw error;
    }
  }

  /** Completes a sign-in with the passkey. @throws ApiError */
  async signInWithPasskey(request: PasskeyLoginRequest): Promise<void> {
    this.#learn(await this.#api.loginWithPasskey(request));
  }

  /** @throws ApiError */
  async signOut(): Promise<void> {
    await this.#api.logout();
    this.#csrf.set(null);
    this.#enrolment.set(false);
    this.#known.set({ state: 'signedOut', user: null });
  }

  /** Whether the user has this role or a higher one. */
  allows(role: Role): boolean {
    const user = this.user();
    return user !== null && roleAllows(user.role, role);
  }

  #learn({ user, csrfToken, passkeyEnrolmentRequired }: SessionInfo): void {
    this.#csrf.set(csrfToken);
    this.#enrolment.set(passkeyEnrolmentRequired ?? false);
    this.#known.set({ state: 'signedIn', user });
  }
}
