import { Directive, ElementRef, inject } from '@angular/core';

const TYPING = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]';

/** What of a row Enter opens: its own link, or else the first thing in it that can be acted on. */
const targetOf = (row: Element): HTMLElement | null =>
  row.querySelector<HTMLElement>('.row-link') ?? row.querySelector<HTMLElement>('a[href], button:not([disabled])');

/** `j` and `k` move the focus from row to row of the table in it, unless something is being typed; Enter opens. */
@Directive({ selector: '[opsRowKeys]', host: { '(document:keydown)': 'move($event)' } })
export class RowKeys {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);

  protected move(event: KeyboardEvent): void {
    const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement).closest(TYPING)) return;
    const rows = [...this.#host.nativeElement.querySelectorAll('tbody > tr:not(.detail)')];
    const reachable = rows.filter((row) => targetOf(row) !== null);
    const current = reachable.findIndex((row) => row.contains(document.activeElement));
    const next = current === -1 ? (step === 1 ? 0 : reachable.length - 1) : current + step;
    const row = reachable[next];
    if (row) targetOf(row)?.focus();
  }
}
