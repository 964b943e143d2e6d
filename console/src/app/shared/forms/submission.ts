import { inject, signal, type Signal } from '@angular/core';
import type { FormGroup } from '@angular/forms';
import { toApiError, type ApiError } from '../../core/api/api-error';
import type { TextKey } from '../../core/i18n/text-key';
import { Texts } from '../../core/i18n/texts';
import { showIssues } from './server-issues';

interface SubmissionOptions {
  /** The key of the text for a failure; null shows the message of the error. */
  readonly textFor?: (error: ApiError, thrown: unknown) => TextKey | null;
  /** Refusals that belong to one field, by error code: the field, and the error to set on it. */
  readonly fields?: Readonly<Record<string, readonly [field: string, error: string]>>;
}

/** Sends a form, or a dialog without fields: once at a time, and with every refusal shown where it belongs. */
export class Submission {
  readonly #isBusy = signal(false);
  readonly #failure = signal<string | null>(null);
  readonly #texts = inject(Texts);

  readonly isBusy: Signal<boolean> = this.#isBusy.asReadonly();
  /** Why sending failed; null while it has not, and when the fields say it all. */
  readonly failure: Signal<string | null> = this.#failure.asReadonly();

  /** Call it where `inject` works; `form` is null when there are no fields. */
  constructor(
    private readonly form: FormGroup | null,
    private readonly options: SubmissionOptions = {},
  ) {}

  /** Calls `send` when the form is valid and nothing is being sent. Never rejects: a failure is shown. */
  async run(send: () => Promise<void>): Promise<void> {
    this.form?.markAllAsTouched();
    if (this.form?.invalid === true || this.#isBusy()) return;
    this.#isBusy.set(true);
    this.#failure.set(null);
    try {
      await send();
    } catch (thrown) {
      this.#show(thrown);
    } finally {
      this.#isBusy.set(false);
    }
  }

  #show(thrown: unknown): void {
    const failure = this.form ? showIssues(this.form, thrown) : toApiError(thrown);
    if (failure === null) return;
    const [field, error] = this.options.fields?.[failure.code] ?? [];
    if (field !== undefined && error !== undefined) {
      this.form?.get(field)?.setErrors({ [error]: true });
      return;
    }
    const key = this.options.textFor?.(failure, thrown) ?? null;
    this.#failure.set(key === null ? failure.message : this.#texts.translate(key));
  }
}
