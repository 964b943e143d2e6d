import { Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TextPipe } from '../../../core/i18n/texts';
import { kindOf, nodesOf } from './json-nodes';

const MORE = 100;
const OPEN_LEVELS = 2;

/** A JSON value as an expandable tree; closed parts and the rest of long lists are not rendered. */
@Component({
  selector: 'ops-json-tree',
  templateUrl: './json-tree.html',
  styleUrl: './json-tree.scss',
  imports: [MatButton, TextPipe],
})
export class JsonTree {
  readonly value = input.required<unknown>();
  /** How deep this part of the tree is. */
  readonly level = input(0);

  readonly #limit = signal(MORE);
  /** The nodes that differ from their initial state. */
  readonly #toggled = signal<ReadonlySet<string>>(new Set());
  readonly #nodes = computed(() => nodesOf(this.value()));
  protected readonly shown = computed(() => this.#nodes().slice(0, this.#limit()));
  protected readonly hidden = computed(() => this.#nodes().length - this.shown().length);
  protected readonly kindOf = kindOf;

  protected isOpen(key: string): boolean {
    return this.#toggled().has(key) !== this.level() < OPEN_LEVELS - 1;
  }

  protected toggle(key: string): void {
    this.#toggled.update((keys) => {
      const next = new Set(keys);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }

  protected showMore(): void {
    this.#limit.update((limit) => limit + MORE);
  }
}
