import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { toApiError, type ApiError } from '../../core/api/api-error';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { Confirm } from './confirm-dialog';

/** A change that is confirmed first. Its texts are `<texts>.title`, `.text`, `.act` and `.done`. */
export interface AskedAct {
  readonly texts: string;
  /** What the texts name. */
  readonly params: Readonly<Record<string, string>>;
  readonly isDangerous: boolean;
  /** Which text says what will happen; `text` by default. */
  readonly textPart?: string;
  /** Must be typed to confirm. */
  readonly typed?: string;
  /** The key of the text for a refusal; null shows the server's own message. */
  readonly refusalKey?: (error: ApiError) => string | null;
}

/** Confirms a change with the user, makes it, reports the outcome and refreshes what is on the screen. */
@Injectable({ providedIn: 'root' })
export class AskAndDo {
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #transloco = inject(TranslocoService);

  /** Does nothing when the user does not confirm. Never rejects: a failure is shown. */
  async run(act: AskedAct, change: () => Promise<unknown>): Promise<void> {
    const { texts, params, isDangerous, textPart = 'text', typed, refusalKey } = act;
    const text = (part: string): string => this.#transloco.translate(`${texts}.${part}`, params);
    const question = { title: text('title'), text: text(textPart), act: text('act'), isDangerous };
    if (!(await this.#confirm.ask({ ...question, ...(typed !== undefined && { typed }) }))) return;
    try {
      await change();
      this.#notify.done(`${texts}.done`, params);
    } catch (thrown) {
      const key = refusalKey?.(toApiError(thrown)) ?? null;
      if (key === null) this.#notify.failed(thrown);
      else this.#notify.done(key);
    }
    // After a refusal too: what is on the screen was not up to date, or the act would not have been offered.
    this.#refresh.now();
  }
}
