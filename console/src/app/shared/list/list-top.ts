import { Directive, ElementRef, inject } from '@angular/core';

/** The beginning of a table that is paged: where who turns the page is brought. */
@Directive({ selector: '[opsListTop]', host: { role: 'group', tabindex: '-1' } })
export class ListTop {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);

  /** Has the head of the table in view, and the keyboard at the list: the button pressed may be gone with its page. */
  show(): void {
    const { nativeElement: list } = this.#host;
    list.focus({ preventScroll: true });
    // What scrolls is the page's content, not the window; where all is in view, nothing moves.
    list.querySelector('thead')?.scrollIntoView({ block: 'nearest' });
  }
}
