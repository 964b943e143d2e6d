import { Component, computed, inject, input } from '@angular/core';
import { Language } from '../../../core/i18n/i18n';
import type { TextKey } from '../../../core/i18n/text-key';
import { TextPipe } from '../../../core/i18n/texts';
import { sharesOf, toColumns, type HealthSegment } from './health-segments';

/** Reported health over time as a strip, by colour and height, with a text for screen readers. */
@Component({
  selector: 'ops-health-bar',
  template: `<div
    class="bar"
    [attr.role]="isKnown() ? 'img' : null"
    [attr.aria-label]="isKnown() ? (label() | transloco: shares()) : null"
  >
    @for (status of columns(); track $index) {
      <span [class]="status ?? 'NONE'"></span>
    }
  </div>`,
  styleUrl: './health-bar.scss',
  imports: [TextPipe],
})
export class HealthBar {
  readonly segments = input.required<readonly HealthSegment[]>();
  readonly count = input(48);
  /** Key of a text that takes `UP`, `DEGRADED`, `DOWN`, `UNKNOWN` and `NONE` as percentages. */
  readonly label = input<TextKey>('services.strip');
  readonly #language = inject(Language);
  /** Without segments nothing is known: not loaded, or failed to load. */
  protected readonly isKnown = computed(() => this.segments().length > 0);
  protected readonly columns = computed(() => toColumns(this.segments(), this.count()));
  protected readonly shares = computed(() => {
    const format = new Intl.NumberFormat(this.#language.code(), { style: 'percent', maximumFractionDigits: 1 });
    return Object.fromEntries(
      Object.entries(sharesOf(this.segments())).map(([key, share]) => [key, format.format(share)]),
    );
  });
}
