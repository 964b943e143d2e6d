import { Component, computed, inject, input, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../../core/i18n/i18n';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From a minute on: a unit, its length, and the unit and length of the rest. */
const UNITS = [
  ['day', DAY, 'hour', HOUR],
  ['hour', HOUR, 'minute', MINUTE],
  ['minute', MINUTE, 'second', SECOND],
] as const;

const unitText = (value: number, unit: string, language: string, digits = 0): string =>
  new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);

/** `320 ms`, `2.4 sec`, `3 min 5 sec`, `2 hr 10 min`: a number of milliseconds in the two largest units that fit. */
export const formatDuration = (ms: number, language: string): string => {
  const length = Math.max(0, ms);
  if (length < SECOND) return unitText(Math.round(length), 'millisecond', language);
  const found = UNITS.find(([, size]) => length >= size);
  if (found === undefined) return unitText(Math.floor(length / 100) / 10, 'second', language, 1);
  const [large, size, small, smallSize] = found;
  const whole = Math.floor(length / size);
  const rest = Math.floor((length - whole * size) / smallSize);
  const head = unitText(whole, large, language);
  return rest === 0 ? head : `${head} ${unitText(rest, small, language)}`;
};

/** A number of milliseconds, to read: {@link formatDuration} in the user's language. */
@Pipe({ name: 'opsDuration', pure: false })
export class DurationPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(ms: number): string {
    return formatDuration(ms, this.#language.code());
  }
}

/** How long something took, in milliseconds; a dash while that is not known. */
@Component({ selector: 'ops-duration', template: `{{ text() }}`, host: { class: 'duration' } })
export class Duration {
  readonly ms = input.required<number | null>();
  readonly #language = inject(Language);
  protected readonly text = computed(() => {
    const ms = this.ms();
    return ms === null ? '–' : formatDuration(ms, this.#language.code());
  });
}
