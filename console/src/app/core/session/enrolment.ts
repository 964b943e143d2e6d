import { Injectable, signal } from '@angular/core';

/** Whether the server lets this session do nothing before its user has a passkey. Apart from `Session`, as `CsrfToken` is. */
@Injectable({ providedIn: 'root' })
export class Enrolment {
  readonly #isNeeded = signal(false);
  readonly isNeeded = this.#isNeeded.asReadonly();

  set(isNeeded: boolean): void {
    this.#isNeeded.set(isNeeded);
  }
}
