import { Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { AbstractControl } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { map, startWith, switchMap } from 'rxjs';
import { IssueTexts } from './issue-texts';

interface Shown {
  readonly key: string;
  readonly params: Record<string, unknown>;
}

/** The errors that read the same on every field, by the validator that found them. */
const KEYS: Readonly<Record<string, string>> = {
  required: 'common.required',
  minlength: 'forms.tooShort',
  maxlength: 'forms.tooLong',
  min: 'forms.tooSmall',
  max: 'forms.tooLarge',
  integer: 'forms.integer',
  number: 'forms.fault.number',
  instant: 'forms.fault.instant',
};

/**
 * What is wrong with a field, inside its `<mat-error>`: what the server refused it for, the words given in `texts`
 * for a validator, or the common ones.
 */
@Component({
  selector: 'ops-field-error',
  template: `@if (serverText(); as text) {
      {{ text }}
    } @else if (shown(); as error) {
      {{ error.key | transloco: error.params }}
    }`,
  imports: [TranslocoPipe],
})
export class FieldError {
  readonly control = input.required<AbstractControl>();
  /** Keys of texts, by validator; `server` takes the place of the server's words. */
  readonly texts = input<Readonly<Record<string, string>>>({});
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
