import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { toApiError } from '../api/api-error';
import type { TextKey } from '../i18n/text-key';
import { Texts } from '../i18n/texts';
import { BrowserPage } from '../recovery/browser-page';
import { isChunkError } from '../recovery/chunk-errors';

const SHORT_MS = 4_000;
const LONG_MS = 10_000;

/** Shows the outcome of an act in a snack bar, announced politely. */
@Injectable({ providedIn: 'root' })
export class Notify {
  readonly #bar = inject(MatSnackBar);
  readonly #page = inject(BrowserPage);
  readonly #texts = inject(Texts);

  /** Shows a text. */
  done(key: TextKey, params: Record<string, unknown> = {}): void {
    this.#bar.open(this.#texts.translate(key, params), undefined, { duration: SHORT_MS });
  }

  /** Shows why something failed, with the request id. */
  failed(thrown: unknown): void {
    if (isChunkError(thrown)) {
      this.#offerReload();
      return;
    }
    const { message, requestId } = toApiError(thrown);
    const text = requestId === null ? message : `${message} (${requestId})`;
    const close = this.#texts.translate('common.close');
    this.#bar.open(text, close, { duration: LONG_MS, politeness: 'assertive' });
  }

  /** Stays until it is used: the part of the console does not work without a reload. */
  #offerReload(): void {
    const [text, reload] = (['common.updated', 'common.reload'] as const).map((key) => this.#texts.translate(key));
    this.#bar
      .open(text ?? '', reload, { politeness: 'assertive' })
      .onAction()
      .subscribe(() => {
        this.#page.reload();
      });
  }
}
