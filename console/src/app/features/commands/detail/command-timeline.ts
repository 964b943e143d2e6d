import { Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { CommandDetail } from '#contracts';
import { Duration } from '../../../shared/format/duration';
import { Now } from '../../../shared/format/now';
import { RelativeTime } from '../../../shared/format/relative-time';
import { isOpen } from '../command-rules';
import { timelineOf } from './timeline';

/** When a command was created, taken and ended, and how long each part took. */
@Component({
  selector: 'ops-command-timeline',
  template: `
    <ol>
      @for (step of steps(); track step.name) {
        <li [class.done]="step.at !== null" [class.awaited]="step.isAwaited">
          <span class="name">{{ 'commands.step.' + step.name | transloco }}</span>
          @if (step.at !== null) {
            <ops-relative-time [at]="step.at" />
          } @else if (step.isAwaited) {
            <span>{{ 'commands.step.awaited' | transloco }}</span>
          } @else {
            <span>–</span>
          }
          @if (step.durationMs !== null) {
            <ops-duration class="ops-muted" [ms]="step.durationMs" />
          }
        </li>
      }
    </ol>
  `,
  styleUrl: './command-timeline.scss',
  imports: [Duration, RelativeTime, TranslocoPipe],
})
export class CommandTimeline {
  readonly command = input.required<CommandDetail>();
  readonly #now = inject(Now);
  protected readonly steps = computed(() => {
    const command = this.command();
    return timelineOf(command, isOpen(command) ? this.#now.ms() : 0);
  });
}
