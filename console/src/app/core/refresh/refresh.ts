import { DestroyRef, DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { CsrfToken } from '../session/csrf-token';

const INTERVAL_MS = 5_000;
/** When the effect of an act is usually there. */
const SOON_MS = [400, 1_200, 2_500];

/**
 * Says when what is on the screen should be read again. Today that is every few seconds while the page is visible; a
 * stream of events will say it better, and then only this file changes. Without a session nothing is read: it would
 * only be refused.
 */
@Injectable({ providedIn: 'root' })
export class Refresh {
  readonly #tick = signal(0);
  readonly #csrf = inject(CsrfToken);

  /** Changes whenever live views should read again. */
  readonly tick = this.#tick.asReadonly();

  constructor() {
    const document = inject(DOCUMENT);
    const refresh = (): void => {
      if (document.visibilityState === 'visible') this.now();
    };
    const timer = setInterval(refresh, INTERVAL_MS);
    document.addEventListener('visibilitychange', refresh);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    });
  }

  /** Reads again a few times before the next tick, after something was begun that usually ends quickly. */
  soon(): void {
    for (const delay of SOON_MS) {
      setTimeout(() => {
        this.now();
      }, delay);
    }
  }

  /** Reads again at once, after a change of the user's own. */
  now(): void {
    if (this.#csrf.isSessionOver()) return;
    this.#tick.update((count) => count + 1);
  }
}
