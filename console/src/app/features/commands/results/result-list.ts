import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import type { Json, JsonObject, ListColumn, ListResult } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { CopyButton } from '../../../shared/copy/copy-button';
import { ListTop } from '../../../shared/list/list-top';
import { Pager } from '../../../shared/list/pager';
import { RowKeys } from '../../../shared/list/row-keys';
import { ResultValue } from '../../../shared/results/result-value';
import type { ActContext } from './act-context';
import { ResultActs } from './result-acts';

/** `data.list` of a result: a table, paged here; `j`, `k` and Enter as in every table. */
@Component({
  selector: 'ops-result-list',
  templateUrl: './result-list.html',
  styleUrl: './result-list.scss',
  imports: [CopyButton, Pager, ResultActs, ResultValue, TextPipe],
  hostDirectives: [ListTop, RowKeys],
  host: { '[attr.aria-label]': 'list().title || null' },
})
export class ResultList {
  readonly #top = inject(ListTop);
  readonly list = input.required<ListResult>();
  readonly context = input.required<ActContext>();
  readonly #pageSize = computed(() => this.list().pageSize ?? this.list().data.length);
  protected readonly pages = computed(() => Math.max(1, Math.ceil(this.list().data.length / this.#pageSize())));
  protected readonly page = linkedSignal({ source: this.list, computation: () => 1 });
  protected readonly rows = computed(() => {
    const start = (this.page() - 1) * this.#pageSize();
    return this.list().data.slice(start, start + this.#pageSize());
  });
  protected readonly hasRowActs = computed(
    () => (this.list().rowActions ?? []).length > 0 && this.context().actions.length > 0,
  );

  protected goTo(page: number): void {
    this.page.set(page);
    this.#top.show();
  }

  protected cell(row: JsonObject, { key }: ListColumn): Json | undefined {
    return Object.hasOwn(row, key) ? row[key] : undefined;
  }

  protected textOf(value: Json | undefined): string {
    return typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  }
}
