import { inject, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../../core/i18n/i18n';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 days, 3 hr`: the two largest units. */
export const formatDuration = (seconds: number, language: string): string => {
  const first = UNITS.findIndex(([, length]) => seconds >= length);
  const shown = UNITS.slice(first === -1 ? UNITS.length - 1 : first).slice(0, 2);
  let rest = Math.floor(seconds);
  const parts = shown.flatMap(([unit, length], index) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && index > 0) return [];
    return [new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count)];
  });
  return new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }).format(parts);
};

/** A number of seconds, to read. */
@Pipe({ name: 'opsDuration', pure: false })
export class DurationPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(seconds: number): string {
    return formatDuration(seconds, this.#language.code());
  }
}
