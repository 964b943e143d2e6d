import { Injectable, signal } from '@angular/core';

/** Whether the user must register a passkey first. Not in `Session`, for the same reason as `CsrfToken`. */
@Injectable({ providedIn: 'root' })
export class Enrolment {
  readonly #isNeeded = signal(false);
  readonly isNeeded = this.#isNeeded.asReadonly();

  set(isNeeded: boolean): void {
    this.#isNeeded.set(isNeeded);
  }
}
