import { Injectable, signal } from '@angular/core';

/** The CSRF token of the session, in memory only. Not in `Session`, which needs the interceptor that reads it. */
@Injectable({ providedIn: 'root' })
export class CsrfToken {
  readonly #value = signal<string | null>(null);
  readonly #isSessionOver = signal(false);

  readonly value = this.#value.asReadonly();
  /** The server has ended the session, and there is no new one yet. */
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
