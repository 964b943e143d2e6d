import { inject, Injectable } from '@angular/core';
import { toApiError, type ApiError } from '../../core/api/api-error';
import type { KeyPart, TextKey } from '../../core/i18n/text-key';
import { Texts } from '../../core/i18n/texts';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { Confirm } from './confirm-dialog';

/** The texts of an act: `<texts>.title`, `.act` and `.done`. */
export type ActTexts = KeyPart<'', '.title'> & KeyPart<'', '.act'> & KeyPart<'', '.done'>;

/** A change that is confirmed first. */
export interface AskedAct {
  readonly texts: ActTexts;
  /** Says what will happen. */
  readonly text: TextKey;
  /** What the texts name. */
  readonly params: Readonly<Record<string, string>>;
  readonly isDangerous: boolean;
  /** Must be typed to confirm. */
  readonly typed?: string;
  /** The key of the text for a refusal; null shows the server's own message. */
  readonly refusalKey?: (error: ApiError) => TextKey | null;
}

/** Confirms a change with the user, makes it, reports the outcome and refreshes what is on the screen. */
@Injectable({ providedIn: 'root' })
export class AskAndDo {
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #texts = inject(Texts);

  /** Does nothing when the user does not confirm. Never rejects: a failure is shown. */
  async run(act: AskedAct, change: () => Promise<unknown>): Promise<void> {
    const { texts, text, params, isDangerous, typed, refusalKey } = act;
    const question = {
      title: this.#texts.translate(`${texts}.title`, params),
      text: this.#texts.translate(text, params),
      act: this.#texts.translate(`${texts}.act`, params),
      isDangerous,
    };
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
