import { Component, computed, input } from '@angular/core';
import { TextPipe } from '../../core/i18n/texts';

/** Placeholder lines while text loads. */
@Component({
  selector: 'ops-skeleton',
  template: `<span class="visually-hidden">{{ 'common.loading' | transloco }}</span>
    @for (line of list(); track line) {
      <div class="line" aria-hidden="true"></div>
    }`,
  imports: [TextPipe],
  styleUrl: './skeleton.scss',
  host: { role: 'status' },
})
export class Skeleton {
  readonly lines = input(4);
  protected readonly list = computed(() => Array.from({ length: this.lines() }, (_, i) => i));
}
