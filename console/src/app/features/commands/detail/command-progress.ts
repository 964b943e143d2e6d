import { Component, computed, input } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { CommandProgress } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';

/** The progress of a running command. */
@Component({
  selector: 'ops-command-progress',
  template: `
    <div class="bar">
      <mat-progress-bar
        [mode]="percent() === null ? 'indeterminate' : 'determinate'"
        [value]="percent() ?? 0"
        [attr.aria-label]="'commands.underWay' | transloco"
      />
      @if (percent() !== null) {
        <span class="percent" aria-hidden="true">{{ percent() }} %</span>
      }
    </div>
    @if (progress()?.message; as message) {
      <p role="status">{{ message }}</p>
    }
  `,
  styles: `
    .bar {
      display: flex;
      align-items: center;
      gap: 12px;
    }

    mat-progress-bar {
      flex: 1;
    }

    .percent {
      min-width: 5ch;
      text-align: end;
      font-variant-numeric: tabular-nums;
    }

    p {
      margin: 8px 0 0;
      overflow-wrap: anywhere;
    }
  `,
  imports: [MatProgressBar, TextPipe],
})
export class CommandProgressView {
  /** Null until the agent reports any. */
  readonly progress = input.required<CommandProgress | null>();
  protected readonly percent = computed(() => this.progress()?.percent ?? null);
}
