import { inject, Injectable, signal } from '@angular/core';
import type { AuditVerification, Instant } from '#contracts';
import { toApiError, type ApiError } from '../../../core/api/api-error';
import { AuditApi } from '../audit-api';

export interface Verified {
  readonly at: Instant;
  readonly outcome: AuditVerification;
}

/** Runs a verification of the audit on the server; it continues while other pages are open. */
@Injectable({ providedIn: 'root' })
export class AuditVerifying {
  readonly #api = inject(AuditApi);
  readonly #startedAt = signal<number | null>(null);
  readonly #verified = signal<Verified | null>(null);
  readonly #error = signal<ApiError | null>(null);

  /** Epoch milliseconds, while it runs. */
  readonly startedAt = this.#startedAt.asReadonly();
  readonly verified = this.#verified.asReadonly();
  /** Why the last verification failed to run. */
  readonly error = this.#error.asReadonly();

  async start(): Promise<void> {
    if (this.#startedAt() !== null) return;
    this.#startedAt.set(Date.now());
    this.#error.set(null);
    try {
      const outcome = await this.#api.verify();
      this.#verified.set({ at: new Date().toISOString(), outcome });
    } catch (thrown) {
      this.#error.set(toApiError(thrown));
    } finally {
      this.#startedAt.set(null);
    }
  }
}
