import { DestroyRef, DOCUMENT, inject, Injectable, signal } from '@angular/core';

/** A page that is hidden for longer counts as left, not as glanced away from. */
const AWAY_MS = 60_000;

/** Whether the page is visible, and whether it has been hidden for long. */
@Injectable({ providedIn: 'root' })
export class PageVisibility {
  readonly #document = inject(DOCUMENT);
  readonly #isVisible = signal(this.#document.visibilityState === 'visible');
  readonly #isAway = signal(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly isVisible = this.#isVisible.asReadonly();
  /** It has been hidden for a minute. */
  readonly isAway = this.#isAway.asReadonly();

  constructor() {
    const learn = (): void => {
      this.#learn();
    };
    this.#document.addEventListener('visibilitychange', learn);
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
      this.#document.removeEventListener('visibilitychange', learn);
    });
  }

  #learn(): void {
    const isVisible = this.#document.visibilityState === 'visible';
    clearTimeout(this.#timer);
    this.#isVisible.set(isVisible);
    this.#isAway.set(false);
    if (isVisible) return;
    this.#timer = setTimeout(() => {
      this.#isAway.set(true);
    }, AWAY_MS);
  }
}
