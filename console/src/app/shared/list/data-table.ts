import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, contentChild, contentChildren, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { Page } from '#contracts';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import type { LiveResource } from '../../core/live/live-resource';
import { EmptyState } from '../states/empty-state';
import { FailedState } from '../states/failed-state';
import { Skeleton } from '../states/skeleton';
import { StaleNote } from '../states/stale-note';
import { TableCell, TableRowDetail } from './cells';
import type { ListQuery, TableQuery } from './list-query';
import { ListTop } from './list-top';
import { Pager } from './pager';
import { RowKeys } from './row-keys';

export interface TableColumn {
  /** Names the cell's template. */
  readonly key: string;
  /** The key of the heading's text. */
  readonly label: TextKey;
  /** The API's name to sort by; a column without one cannot be sorted. */
  readonly sort?: string;
  /** Hidden on narrow screens. */
  readonly wide?: boolean;
  /** Only screen readers get its heading: the cells explain themselves visually. */
  readonly isUnnamed?: boolean;
}

interface Identified {
  readonly id: string;
}

/**
 * A list from the server in its four states: loading, failed, empty (the `[empty]` content) and data. Sorts and pages
 * through the URL, each page from its top; `j`, `k` and Enter move in it and open a row.
 */
@Component({
  selector: 'ops-data-table',
  templateUrl: './data-table.html',
  styleUrl: './data-table.scss',
  imports: [EmptyState, FailedState, MatButton, NgTemplateOutlet, Pager, RouterLink, Skeleton, StaleNote, TextPipe],
  hostDirectives: [ListTop, RowKeys],
  host: { '[attr.aria-label]': 'caption()' },
})
export class DataTable<T extends Identified> {
  readonly #top = inject(ListTop);
  /** What the table lists, for screen readers. */
  readonly caption = input.required<string>();
  readonly columns = input.required<readonly TableColumn[]>();
  readonly resource = input.required<LiveResource<Page<T>>>();
  readonly query = input.required<ListQuery<TableQuery>>();
  /** Where a row leads; null leads nowhere. */
  readonly rowLink = input<(row: T) => string | null>(() => null);
  /** Whether a row shows its `opsRowDetail`. */
  readonly isOpen = input<(row: T) => boolean>(() => false);

  protected readonly cells = contentChildren<TableCell<T>>(TableCell);
  protected readonly detail = contentChild<TableRowDetail<T>>(TableRowDetail);
  protected readonly templates = computed(() => new Map(this.cells().map((cell) => [cell.key(), cell.template])));
  /** The rows of another query are shown while this one is read, but never as its answer. */
  protected readonly page = computed(() => {
    const { value, error, isOfThisAddress } = this.resource();
    return error() !== null && !isOfThisAddress() ? undefined : value();
  });
  protected readonly isTurning = computed(() => !this.resource().isOfThisAddress() && this.resource().isRefreshing());
  protected readonly isEmpty = computed(() => this.page()?.data.length === 0);
  /** There are rows, but this page no longer exists. */
  protected readonly isBeyond = computed(() => this.isEmpty() && (this.page()?.pagination.total ?? 0) > 0);
  protected readonly pages = computed(() => {
    const pagination = this.page()?.pagination;
    return pagination ? Math.max(1, Math.ceil(pagination.total / pagination.pageSize)) : 1;
  });

  protected directionOf(column: TableColumn): 'ascending' | 'descending' | null {
    const { sort } = this.query().value();
    if (column.sort === undefined || sort.replace(/^-/, '') !== column.sort) return null;
    return sort.startsWith('-') ? 'descending' : 'ascending';
  }

  protected sortBy(column: TableColumn): void {
    if (column.sort === undefined) return;
    this.query().set({ sort: this.directionOf(column) === 'ascending' ? `-${column.sort}` : column.sort });
  }

  protected goTo(page: number): void {
    this.query().set({ page });
    this.#top.show();
  }
}
