import { Component, computed, input } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { TranslocoPipe } from '@jsverse/transloco';
import type { CommandProgress } from '#contracts';

/** How far the agent has come with a command that is under way. */
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
  imports: [MatProgressBar, TranslocoPipe],
})
export class CommandProgressView {
  /** Null: the agent has said nothing yet. */
  readonly progress = input.required<CommandProgress | null>();
  protected readonly percent = computed(() => this.progress()?.percent ?? null);
}
