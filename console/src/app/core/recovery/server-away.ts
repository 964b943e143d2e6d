import { Component, DestroyRef, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { toApiError } from '../api/api-error';
import { TextPipe } from '../i18n/texts';
import { retryDelayMs } from '../live/retry-delay';
import { AuthApi } from '../session/auth-api';
import { BrowserPage } from './browser-page';

/** Takes the place of the console while the server does not say who is signed in; loads the page when it does. */
@Component({
  selector: 'ops-server-away',
  template: `
    <main role="alert">
      <mat-icon svgIcon="cloud-off" aria-hidden="true" />
      <h1>{{ 'common.away.title' | transloco }}</h1>
      <p class="ops-muted">{{ 'common.away.text' | transloco }}</p>
      <button mat-stroked-button type="button" [disabled]="isAsking()" (click)="retry()">
        {{ 'common.retry' | transloco }}
      </button>
    </main>
  `,
  styles: `
    main {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 8px;
      padding: 20vh 24px 24px;
      text-align: center;
    }

    h1,
    p {
      margin: 0;
    }
  `,
  imports: [MatButton, MatIcon, TextPipe],
})
export class ServerAway {
  readonly #api = inject(AuthApi);
  readonly #page = inject(BrowserPage);
  protected readonly isAsking = signal(false);
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#retryLater();
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
    });
  }

  protected async retry(): Promise<void> {
    clearTimeout(this.#timer);
    this.isAsking.set(true);
    const isBack = await this.#isBack();
    this.isAsking.set(false);
    if (isBack) this.#page.reload();
    else this.#retryLater();
  }

  /** Also when nobody is signed in: the page then leads to the sign-in. */
  async #isBack(): Promise<boolean> {
    try {
      await this.#api.me();
      return true;
    } catch (thrown) {
      return toApiError(thrown).status === 401;
    }
  }

  #retryLater(): void {
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.retry(), retryDelayMs(this.#failures, Math.random()));
  }
}
