import { inject, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../../core/i18n/i18n';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const STEP = 1_000;

/** `512 byte`, `1.5 MB`: a number of bytes in the largest decimal unit that fits, as the labels say. */
export const formatBytes = (bytes: number, language: string): string => {
  const size = Math.abs(bytes);
  const power = size < STEP ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / STEP ** power);
};

/** A number of bytes, to read: {@link formatBytes} in the user's language. */
@Pipe({ name: 'opsBytes', pure: false })
export class BytesPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(bytes: number): string {
    return formatBytes(bytes, this.#language.code());
  }
}
