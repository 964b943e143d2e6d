import { Clipboard } from '@angular/cdk/clipboard';
import { inject, Injectable } from '@angular/core';
import { Notify } from '../../core/notify/notify';

/** Copies a text and reports whether it worked: a secret that is shown once must not be lost to a false "Copied". */
@Injectable({ providedIn: 'root' })
export class Copier {
  readonly #clipboard = inject(Clipboard);
  readonly #notify = inject(Notify);

  /** Copies the text and shows the outcome. */
  copy(text: string): void {
    this.#notify.done(this.#clipboard.copy(text) ? 'common.copied' : 'common.notCopied');
  }
}
