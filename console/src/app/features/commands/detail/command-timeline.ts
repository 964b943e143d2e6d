import { Component, computed, inject, input } from '@angular/core';
import type { CommandDetail } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Duration } from '../../../shared/format/duration';
import { Now } from '../../../shared/format/now';
import { RelativeTime } from '../../../shared/format/relative-time';
import { isOpen } from '../command-rules';
import { timelineOf } from './timeline';

/** When a command was created, claimed and completed, and how long each step took. */
@Component({
  selector: 'ops-command-timeline',
  templateUrl: './command-timeline.html',
  styleUrl: './command-timeline.scss',
  imports: [Duration, RelativeTime, TextPipe],
})
export class CommandTimeline {
  readonly command = input.required<CommandDetail>();
  readonly #now = inject(Now);
  protected readonly steps = computed(() => {
    const command = this.command();
    return timelineOf(command, isOpen(command) ? this.#now.ms() : 0);
  });
}
