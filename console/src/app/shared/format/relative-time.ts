import { booleanAttribute, Component, computed, inject, input } from '@angular/core';
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

/** How far the clocks of server and browser may differ unnoticed. */
const SKEW_SECONDS = 120;

/** `12 seconds ago`, `in 5 minutes`: in the largest unit that fits; `now` within a second. */
export const relativeTime = (seconds: number, language: string): string => {
  const size = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  if (size === undefined) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second');
  const [unit, length] = size;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' });
  return format.format(Math.trunc(seconds / length), unit);
};

/** {@link relativeTime} of a past event, never in the future; null when the clocks differ too much. */
export const pastTime = (seconds: number, language: string): string | null =>
  seconds > SKEW_SECONDS ? null : relativeTime(Math.min(seconds, 0), language);

/**
 * How long ago, or with `ahead` how long until, with the exact time on hover; a dash for an unknown time.
 */
@Component({
  selector: 'ops-relative-time',
  template: `@if (at(); as instant) {
      <time [attr.datetime]="instant" [matTooltip]="exact()">{{ text() }}</time>
    } @else {
      –
    }`,
  imports: [MatTooltip],
  styles: `
    @media (min-width: 721px) {
      time {
        white-space: nowrap;
      }
    }
  `,
  host: { class: 'relative-time' },
})
export class RelativeTime {
  readonly at = input.required<Instant | null>();
  /** Whether the time may be in the future. */
  readonly ahead = input(false, { transform: booleanAttribute });
  readonly #now = inject(Now);
  readonly #language = inject(Language);

  protected readonly text = computed(() => {
    const [seconds, language] = [(Date.parse(this.at() ?? '') - this.#now.ms()) / 1000, this.#language.code()];
    return this.ahead() ? relativeTime(seconds, language) : (pastTime(seconds, language) ?? this.exact());
  });
  protected readonly exact = computed(() =>
    new Date(this.at() ?? '').toLocaleString(this.#language.code(), { dateStyle: 'medium', timeStyle: 'medium' }),
  );
}
