import { afterRenderEffect, Component, computed, ElementRef, inject, linkedSignal, viewChild } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatDialogRef } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../i18n/texts';
import { PALETTE_GROUPS, type PaletteEntry } from './palette-entry';
import { PaletteSearch } from './palette-search';

/** Finds pages, agents, services and commands, and starts actions, all by keyboard. Closes with a URL. */
@Component({
  selector: 'ops-palette-dialog',
  templateUrl: './palette-dialog.html',
  styleUrl: './palette-dialog.scss',
  imports: [MatIcon, MatIconButton, TextPipe],
  providers: [PaletteSearch],
})
export class PaletteDialog {
  readonly #dialog = inject<MatDialogRef<PaletteDialog, string>>(MatDialogRef);
  protected readonly search = inject(PaletteSearch);
  protected readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected readonly groups = computed(() =>
    PALETTE_GROUPS.map((name) => ({
      name,
      entries: this.search.entries().filter(({ group }) => group === name),
    })).filter(({ entries }) => entries.length > 0),
  );
  /** Stays on its entry while results arrive; a new text starts at the top. */
  readonly #activeKey = linkedSignal<string, string | null>({
    source: () => `${this.search.target()?.id ?? ''} ${this.search.text()}`,
    computation: () => null,
  });
  protected readonly active = computed((): PaletteEntry | undefined => {
    const entries = this.search.entries();
    return entries.find(({ key }) => key === this.#activeKey()) ?? entries[0];
  });

  constructor() {
    afterRenderEffect(() => {
      if (this.active()) this.list().nativeElement.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected idOf(entry: PaletteEntry): string {
    return `palette-${entry.key.replace(/[^\w-]/g, '_')}`;
  }

  protected onKey(event: KeyboardEvent): void {
    // Enter and arrows belong to the input method while it composes.
    if (event.isComposing) return;
    const { key } = event;
    const active = this.active();
    if (key === 'ArrowDown') this.#move(1);
    else if (key === 'ArrowUp') this.#move(-1);
    else if (key === 'Enter' && active) this.choose(active);
    else if (key === 'Backspace' && this.search.target() && this.field().nativeElement.value === '') this.back();
    else return;
    event.preventDefault();
  }

  protected choose({ choice }: PaletteEntry): void {
    if ('url' in choice) {
      this.#dialog.close(choice.url);
      return;
    }
    this.search.turnTo(choice.actionsOf);
    this.#clearField();
  }

  protected back(): void {
    this.search.turnTo(null);
    this.#clearField();
  }

  #clearField(): void {
    const field = this.field().nativeElement;
    field.value = '';
    field.focus();
  }

  #move(step: 1 | -1): void {
    const entries = this.search.entries();
    const current = entries.findIndex(({ key }) => key === this.active()?.key);
    const next = entries[(current + step + entries.length) % entries.length];
    if (next) this.#activeKey.set(next.key);
  }
}
