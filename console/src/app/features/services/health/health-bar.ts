import { Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language } from '../../../core/i18n/i18n';
import { sharesOf, toColumns, type HealthSegment } from './health-segments';

/** Reported health over time as a strip: by colour and by height, and in words for who cannot see it. */
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
  imports: [TranslocoPipe],
})
export class HealthBar {
  readonly segments = input.required<readonly HealthSegment[]>();
  readonly count = input(48);
  /** Key of a text that takes `UP`, `DEGRADED`, `DOWN`, `UNKNOWN` and `NONE` as percentages. */
  readonly label = input('services.strip');
  readonly #language = inject(Language);
  /** Without a stretch of time there is nothing to say: it is not read yet, or could not be. */
  protected readonly isKnown = computed(() => this.segments().length > 0);
  protected readonly columns = computed(() => toColumns(this.segments(), this.count()));
  protected readonly shares = computed(() => {
    const format = new Intl.NumberFormat(this.#language.code(), { style: 'percent', maximumFractionDigits: 1 });
    return Object.fromEntries(
      Object.entries(sharesOf(this.segments())).map(([key, share]) => [key, format.format(share)]),
    );
  });
}
