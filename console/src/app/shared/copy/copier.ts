import { Clipboard } from '@angular/cdk/clipboard';
import { inject, Injectable } from '@angular/core';
import { Notify } from '../../core/notify/notify';

/** Copies a text and says whether that went well: what is shown once must not be lost over a "Copied" that is not so. */
@Injectable({ providedIn: 'root' })
export class Copier {
  readonly #clipboard = inject(Clipboard);
  readonly #notify = inject(Notify);

  /** Copies it, and tells the user. */
  copy(text: string): void {
    this.#notify.done(this.#clipboard.copy(text) ? 'common.copied' : 'common.notCopied');
  }
}
