import { Component, computed, inject } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { TextPipe } from '../../../core/i18n/texts';
import { Now } from '../../../shared/format/now';

const MAX_SECONDS = 30;

/** Shows that the agent is being asked, and the time left. */
@Component({
  selector: 'ops-prepare-wait',
  template: `
    <p role="status">{{ 'actions.preparing' | transloco }}</p>
    <mat-progress-bar mode="determinate" [value]="percent()" [attr.aria-label]="'actions.preparing' | transloco" />
    <p class="ops-muted" aria-hidden="true">{{ 'actions.preparingFor' | transloco: { seconds: seconds(), max } }}</p>
  `,
  styles: `
    p {
      margin: 8px 0;
    }
  `,
  imports: [MatProgressBar, TextPipe],
})
export class PrepareWait {
  readonly #now = inject(Now);
  readonly #since = Date.now();
  protected readonly max = MAX_SECONDS;
  protected readonly seconds = computed(() =>
    Math.min(MAX_SECONDS, Math.max(0, Math.floor((this.#now.ms() - this.#since) / 1000))),
  );
  protected readonly percent = computed(() => (this.seconds() / MAX_SECONDS) * 100);
}
