import { Component, computed, inject, input } from '@angular/core';
import type { Json, ValueFormat } from '#contracts';
import { Language } from '../../core/i18n/i18n';
import { TextPipe } from '../../core/i18n/texts';
import { formatBytes } from '../format/bytes';
import { formatDuration } from '../format/duration';
import { RelativeTime } from '../format/relative-time';
import { StatusBadge } from '../status/status-badge';

const isWebAddress = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);

/** One value of a result, in the format its agent chose; a value that does not fit the format is shown as text. */
@Component({
  selector: 'ops-result-value',
  templateUrl: './result-value.html',
  styleUrl: './result-value.scss',
  imports: [RelativeTime, StatusBadge, TextPipe],
})
export class ResultValue {
  readonly value = input.required<Json | undefined>();
  readonly format = input<ValueFormat>('text');
  readonly #language = inject(Language);

  protected readonly text = computed(() => {
    const value = this.value();
    return typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  });
  /** How it is drawn, which is not always how it was asked to be. */
  protected readonly kind = computed(() => {
    const [value, format] = [this.value(), this.format()];
    if (value === null || value === undefined || value === '') return 'none';
    if (format === 'status' && typeof value === 'string') return 'status';
    if (format === 'boolean' && typeof value === 'boolean') return value ? 'yes' : 'no';
    if (format === 'relativeTime' && this.#instant() !== null) return 'relativeTime';
    if (format === 'code' || typeof value === 'object') return 'code';
    return format === 'text' && isWebAddress(this.text()) ? 'link' : 'text';
  });
  protected readonly shown = computed(() => {
    const [value, language] = [this.value(), this.#language.code()];
    if (typeof value === 'number' && this.format() === 'duration') return formatDuration(value, language);
    if (typeof value === 'number' && this.format() === 'bytes') return formatBytes(value, language);
    const instant = this.format() === 'datetime' ? this.#instant() : null;
    if (instant === null) return this.text();
    return new Date(instant).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
  });
  readonly #instant = computed(() => {
    const value = this.value();
    const at = new Date(typeof value === 'string' || typeof value === 'number' ? value : Number.NaN);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  });
  protected readonly instant = this.#instant;
}
