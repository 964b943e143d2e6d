import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const TICK_MS = 1_000;

/** The time, a second at a time, for everything on the screen that says how long ago something was. */
@Injectable({ providedIn: 'root' })
export class Now {
  readonly #ms = signal(Date.now());
  readonly ms = this.#ms.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      this.#ms.set(Date.now());
    }, TICK_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
  }
}
