import { Component, DestroyRef, ElementRef, inject, input, output, viewChild } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';

const PAUSE_MS = 250;

/** A search field that reports its text after a pause in typing; `/` focuses it. */
@Component({
  selector: 'ops-search-field',
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
    <mat-label>{{ label() }}</mat-label>
    <input
      #field
      matInput
      type="search"
      autocomplete="off"
      [value]="value()"
      (input)="typed(field.value, $event)"
      (compositionend)="typed(field.value)"
    />
  </mat-form-field>`,
  styles: `
    :host {
      flex: 1 1 180px;
      max-width: 320px;
    }

    @media (max-width: 720px) {
      :host {
        flex-basis: 100%;
        max-width: none;
      }
    }

    mat-form-field {
      width: 100%;
    }
  `,
  imports: [MatFormFieldModule, MatInput],
  host: { '(document:keydown)': 'focus($event)' },
})
export class SearchField {
  readonly label = input.required<string>();
  readonly value = input('');
  readonly changed = output<string>();
  protected readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#pause);
    });
  }

  /** What an input method still composes is not searched for. */
  protected typed(text: string, event?: Event): void {
    clearTimeout(this.#pause);
    if (event instanceof InputEvent && event.isComposing) return;
    this.#pause = setTimeout(() => {
      this.changed.emit(text.trim());
    }, PAUSE_MS);
  }

  protected focus(event: KeyboardEvent): void {
    // By its sign, not by its key: on many keyboards it is Shift and 7.
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable], [role=dialog]');
    if (isTyping) return;
    event.preventDefault();
    this.field().nativeElement.focus();
  }
}
