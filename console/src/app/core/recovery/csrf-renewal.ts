import { inject, Injectable } from '@angular/core';
import { Session } from '../session/session';
import { BrowserPage } from './browser-page';

/**
 * Renews a CSRF token that the server refuses because its session was replaced: another tab of this browser has signed
 * in since, and the tabs share the cookie.
 */
@Injectable({ providedIn: 'root' })
export class CsrfRenewal {
  readonly #session = inject(Session);
  readonly #page = inject(BrowserPage);
  #pending: Promise<boolean> | null = null;

  /** Whether there is a new token for the same user; requests that fail together share one read. Never rejects. */
  renew(): Promise<boolean> {
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #renew(): Promise<boolean> {
    const outcome = await this.#session.renew();
    // Another user must not work on a page that shows the first one's name and rights.
    if (outcome === 'otherUser') this.#page.open('/');
    return outcome === 'renewed';
  }
}
