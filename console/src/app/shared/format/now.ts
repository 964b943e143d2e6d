import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const TICK_MS = 1_000;

/** The current time, once a second, for all relative times on the screen. */
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
