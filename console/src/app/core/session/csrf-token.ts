import { Injectable, signal } from '@angular/core';

/** The CSRF token of the session: in memory only. Apart from `Session`, because the interceptor needs it before. */
@Injectable({ providedIn: 'root' })
export class CsrfToken {
  readonly #value = signal<string | null>(null);
  readonly #isSessionOver = signal(false);

  readonly value = this.#value.asReadonly();
  /** The server has said that there is no session any more; until the next one. */
  readonly isSessionOver = this.#isSessionOver.asReadonly();

  set(value: string | null): void {
    this.#value.set(value);
    this.#isSessionOver.set(false);
  }

  sessionEnded(): void {
    this.#value.set(null);
    this.#isSessionOver.set(true);
  }
}
