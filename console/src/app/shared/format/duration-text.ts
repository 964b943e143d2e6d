import { Component, computed, inject, input } from '@angular/core';
import { Language } from '../../core/i18n/i18n';
import { formatDuration } from './duration-of-ms';

/** How long something took; a dash while that is not known. */
@Component({ selector: 'ops-duration', template: `{{ text() }}`, host: { class: 'duration' } })
export class Duration {
  readonly ms = input.required<number | null>();
  readonly #language = inject(Language);
  protected readonly text = computed(() => {
    const ms = this.ms();
    return ms === null ? '–' : formatDuration(ms, this.#language.code());
  });
}
