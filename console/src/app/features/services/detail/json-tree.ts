import { Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TranslocoPipe } from '@jsverse/transloco';
import { kindOf, nodesOf } from './json-nodes';

const MORE = 100;
const OPEN_LEVELS = 2;

/** A JSON value as a tree that opens and closes; what is closed or far down a long list is not drawn. */
@Component({
  selector: 'ops-json-tree',
  templateUrl: './json-tree.html',
  styleUrl: './json-tree.scss',
  imports: [MatButton, TranslocoPipe],
})
export class JsonTree {
  readonly value = input.required<unknown>();
  /** How deep this part of the tree is. */
  readonly level = input(0);

  readonly #limit = signal(MORE);
  /** Those that are not as they began. */
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
