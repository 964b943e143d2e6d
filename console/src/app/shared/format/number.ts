import { inject, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../../core/i18n/i18n';

/** A number as the user's language writes it. */
@Pipe({ name: 'opsNumber', pure: false })
export class NumberPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(value: number): string {
    return value.toLocaleString(this.#language.code());
  }
}
