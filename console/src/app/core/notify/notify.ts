import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { TranslocoService } from '@jsverse/transloco';
import { toApiError } from '../api/api-error';
import { BrowserPage } from '../recovery/browser-page';
import { isChunkError } from '../recovery/chunk-errors';

const SHORT_MS = 4_000;
const LONG_MS = 10_000;

/** Says what came of an act: politely, and long enough to be read. */
@Injectable({ providedIn: 'root' })
export class Notify {
  readonly #bar = inject(MatSnackBar);
  readonly #page = inject(BrowserPage);
  readonly #transloco = inject(TranslocoService);

  /** A text by its key. */
  done(key: string, params: Record<string, unknown> = {}): void {
    this.#bar.open(this.#transloco.translate(key, params), undefined, { duration: SHORT_MS });
  }

  /** What the server said of a failure, with the id to ask for it by. */
  failed(thrown: unknown): void {
    if (isChunkError(thrown)) {
      this.#offerReload();
      return;
    }
    const { message, requestId } = toApiError(thrown);
    const text = requestId === null ? message : `${message} (${requestId})`;
    const close = this.#transloco.translate('common.close');
    this.#bar.open(text, close, { duration: LONG_MS, politeness: 'assertive' });
  }

  /** Stays until it is used: what was opened does not work before. */
  #offerReload(): void {
    const [text, reload] = ['common.updated', 'common.reload'].map((key) => this.#transloco.translate(key));
    this.#bar
      .open(text ?? '', reload, { politeness: 'assertive' })
      .onAction()
      .subscribe(() => {
        this.#page.reload();
      });
  }
}
