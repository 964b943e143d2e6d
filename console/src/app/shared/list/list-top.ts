import { Directive, ElementRef, inject } from '@angular/core';

/** Scrolls to the top of a list after turning its page. */
@Directive({ selector: '[opsListTop]', host: { role: 'group', tabindex: '-1' } })
export class ListTop {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);

  /** Scrolls the table's head into view and focuses the list, because the pressed button may be gone. */
  show(): void {
    const { nativeElement: list } = this.#host;
    list.focus({ preventScroll: true });
    // The page's content scrolls, not the window; nothing moves when all of it is in view.
    list.querySelector('thead')?.scrollIntoView({ block: 'nearest' });
  }
}
