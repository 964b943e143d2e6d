import { inject, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../../core/i18n/i18n';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const STEP = 1024;

/** `12 byte`, `3.4 MB`: in the largest unit that fits. */
export const formatBytes = (bytes: number, language: string): string => {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(STEP)), UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / STEP ** power);
};

/** A number of bytes, to read. */
@Pipe({ name: 'opsBytes', pure: false })
export class BytesPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(bytes: number): string {
    return formatBytes(bytes, this.#language.code());
  }
}
