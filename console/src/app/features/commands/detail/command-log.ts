import { afterRenderEffect, Component, ElementRef, input, viewChild } from '@angular/core';
import { TextPipe } from '../../../core/i18n/texts';

/** A scroll position this close to the end, in pixels, counts as the end. */
const NEAR_END_PX = 8;

/** The agent's log of a command; scrolls along unless the user has scrolled up. */
@Component({
  selector: 'ops-command-log',
  template: `<pre
    #log
    tabindex="0"
    role="region"
    [attr.aria-label]="'commands.log' | transloco"
    (scroll)="scrolled(log)"
  ><!--
    -->@for (line of lines(); track $index) {<span>{{ line }}&#10;</span>}</pre>`,
  styles: `
    pre {
      box-sizing: border-box;
      max-height: 260px;
      margin: 0;
      padding: 10px 12px;
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      background: var(--ops-page);
      border: 1px solid var(--ops-line);
      border-radius: 8px;
    }

    span {
      display: block;
    }
  `,
  imports: [TextPipe],
})
export class CommandLog {
  readonly lines = input.required<readonly string[]>();
  protected readonly log = viewChild.required<ElementRef<HTMLElement>>('log');
  #isAtEnd = true;

  constructor() {
    afterRenderEffect({
      write: () => {
        this.lines();
        const log = this.log().nativeElement;
        if (this.#isAtEnd) log.scrollTop = log.scrollHeight;
      },
    });
  }

  protected scrolled({ scrollHeight, scrollTop, clientHeight }: HTMLElement): void {
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
