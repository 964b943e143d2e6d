import { inject, Pipe, type PipeTransform } from '@angular/core';
import type { Instant } from '#contracts';
import { Language } from '../../core/i18n/i18n';

const DAY_MS = 86_400_000;

interface TimeSpan {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
}

/** `4 May 2026, 10:00 – 10:15`, in this browser's time zone; days only of a span of whole days. */
export const timeSpanText = ({ from, to }: TimeSpan, language: string): string => {
  const [start, end] = [new Date(from), new Date(to)];
  const isOfDays = end.getTime() - start.getTime() >= DAY_MS && start.getHours() === 0 && end.getHours() === 0;
  if (!isOfDays) {
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).formatRange(start, end);
  }
  // Up to the last included day.
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).formatRange(start, new Date(end.getTime() - 1));
};

/** `10:15`, or `4 May` on an axis of more than a day: a short time. */
export const timeTick = (at: Instant, axisSeconds: number, language: string): string =>
  new Intl.DateTimeFormat(
    language,
    axisSeconds * 1_000 > DAY_MS ? { month: 'short', day: 'numeric' } : { timeStyle: 'short' },
  ).format(new Date(at));

/** {@link timeSpanText} in the user's language. */
@Pipe({ name: 'opsTimeSpan', pure: false })
export class TimeSpanPipe implements PipeTransform {
  readonly #language = inject(Language);

  transform(span: TimeSpan): string {
    return timeSpanText(span, this.#language.code());
  }
}
