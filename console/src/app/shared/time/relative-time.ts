import { Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { Instant } from '#contracts';
import { Language } from '../../core/i18n/i18n';
import { Now } from './now';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `12 seconds ago`, `in 5 minutes`: in the largest unit that fits. */
export const relativeTime = (seconds: number, language: string): string => {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[3];
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' });
  return format.format(Math.trunc(seconds / size), unit);
};

/** How long ago, or how long until, with the exact time on hover and focus. A dash for a time that is not known. */
@Component({
  selector: 'ops-relative-time',
  template: `@if (at(); as instant) {
      <time [attr.datetime]="instant" [matTooltip]="exact()">{{ text() }}</time>
    } @else {
      –
    }`,
  imports: [MatTooltip],
  host: { class: 'relative-time' },
})
export class RelativeTime {
  readonly at = input.required<Instant | null>();
  readonly #now = inject(Now);
  readonly #language = inject(Language);

  protected readonly text = computed(() => {
    const seconds = (Date.parse(this.at() ?? '') - this.#now.ms()) / 1000;
    return relativeTime(seconds, this.#language.code());
  });
  protected readonly exact = computed(() =>
    new Date(this.at() ?? '').toLocaleString(this.#language.code(), { dateStyle: 'medium', timeStyle: 'medium' }),
  );
}
