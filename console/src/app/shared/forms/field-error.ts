import { Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { AbstractControl } from '@angular/forms';
import { map, startWith, switchMap } from 'rxjs';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import { IssueTexts } from './issue-texts';

interface Shown {
  readonly key: TextKey;
  readonly params: Record<string, unknown>;
}

/** The texts that are the same on every field, by validator. */
const KEYS: Readonly<Record<string, TextKey>> = {
  required: 'common.required',
  minlength: 'forms.tooShort',
  maxlength: 'forms.tooLong',
  min: 'forms.tooSmall',
  max: 'forms.tooLarge',
  integer: 'forms.integer',
  number: 'forms.fault.number',
  exact: 'forms.fault.exact',
  instant: 'forms.fault.instant',
};

/**
 * Why a field is invalid, inside its `<mat-error>`: the server's reason, the text given in `texts` for the
 * validator, or the common one.
 */
@Component({
  selector: 'ops-field-error',
  template: `@if (serverText(); as text) {
      {{ text }}
    } @else if (shown(); as error) {
      {{ error.key | transloco: error.params }}
    }`,
  imports: [TextPipe],
})
export class FieldError {
  readonly control = input.required<AbstractControl>();
  /** Texts by validator; `server` replaces the server's reason. */
  readonly texts = input<Readonly<Record<string, TextKey>>>({});
  readonly #issueTexts = inject(IssueTexts);
  readonly #errors = toSignal(
    toObservable(this.control).pipe(
      switchMap((control) =>
        control.events.pipe(
          startWith(null),
          map(() => control.errors),
        ),
      ),
    ),
    { initialValue: null },
  );
  protected readonly serverText = computed<string | null>(() => {
    const text: unknown = this.#errors()?.server;
    return typeof text === 'string' && this.texts().server === undefined ? this.#issueTexts.of(text) : null;
  });
  protected readonly shown = computed<Shown | null>(() => {
    const [name, found] = Object.entries(this.#errors() ?? {})[0] ?? [];
    if (name === undefined) return null;
    const params = typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
    return { key: this.texts()[name] ?? KEYS[name] ?? 'forms.invalid', params };
  });
}
