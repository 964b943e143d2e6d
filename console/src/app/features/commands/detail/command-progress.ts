import { afterRenderEffect, Component, ElementRef, input, viewChild } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { TranslocoPipe } from '@jsverse/transloco';
import type { CommandProgress } from '#contracts';

/** Nearer to the end than this, in pixels, is at the end. */
const NEAR_END_PX = 8;

/** How far the agent has come with a command, and what it has logged so far. */
@Component({
  selector: 'ops-command-progress',
  templateUrl: './command-progress.html',
  styleUrl: './command-progress.scss',
  imports: [MatProgressBar, TranslocoPipe],
})
export class CommandProgressView {
  /** Null: the agent has said nothing yet. */
  readonly progress = input.required<CommandProgress | null>();
  /** Whether it is still under way; afterwards only the log is worth seeing. */
  readonly isOpen = input.required<boolean>();
  protected readonly log = viewChild<ElementRef<HTMLElement>>('log');
  #isAtEnd = true;

  constructor() {
    // The log follows its end, unless somebody has scrolled up to read.
    afterRenderEffect({
      write: () => {
        const log = this.log()?.nativeElement;
        if (this.progress() && log && this.#isAtEnd) log.scrollTop = log.scrollHeight;
      },
    });
  }

  protected scrolled({ scrollHeight, scrollTop, clientHeight }: HTMLElement): void {
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
