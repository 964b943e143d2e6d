import { Directive, ElementRef, inject } from '@angular/core';

const TYPING = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]';

/** What Enter opens in a row: its link, else its first link or button. */
const targetOf = (row: Element): HTMLElement | null =>
  row.querySelector<HTMLElement>('.row-link') ?? row.querySelector<HTMLElement>('a[href], button:not([disabled])');

/** `j` and `k` move the focus between the rows of the table, except while typing; Enter opens a row. */
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
