import { Injectable, signal } from '@angular/core';

/** The CSRF token of the session: in memory only. Apart from `Session`, because the interceptor needs it before. */
@Injectable({ providedIn: 'root' })
export class CsrfToken {
  readonly #value = signal<string | null>(null);
  readonly #endings = signal(0);

  readonly value = this.#value.asReadonly();
  /** Grows each time the server says that there is no session any more. */
  readonly endings = this.#endings.asReadonly();

  set(value: string | null): void {
    this.#value.set(value);
  }

  sessionEnded(): void {
    this.#value.set(null);
    this.#endings.update((count) => count + 1);
  }
}
