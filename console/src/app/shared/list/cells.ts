import { Directive, inject, input, TemplateRef } from '@angular/core';
import type { Page } from '#contracts';
import type { LiveResource } from '../../core/live/live-resource';

interface RowContext<T> {
  readonly $implicit: T;
}

/** The template of a column's cells: `<ng-template opsCell="name" [opsCellOf]="agents" let-agent>`. */
@Directive({ selector: '[opsCell]' })
export class TableCell<T> {
  /** The column's key. */
  readonly key = input.required<string>({ alias: 'opsCell' });
  /** The rows of the table; gives the template its type. */
  readonly of = input.required<LiveResource<Page<T>>>({ alias: 'opsCellOf' });
  readonly template = inject<TemplateRef<RowContext<T>>>(TemplateRef);

  static ngTemplateContextGuard<T>(_: TableCell<T>, context: unknown): context is RowContext<T> {
    return context !== null;
  }
}

/** The template of an open row's details: `<ng-template opsRowDetail [opsRowDetailOf]="events" let-event>`. */
@Directive({ selector: '[opsRowDetail]' })
export class TableRowDetail<T> {
  /** The rows of the table; gives the template its type. */
  readonly of = input.required<LiveResource<Page<T>>>({ alias: 'opsRowDetailOf' });
  readonly template = inject<TemplateRef<RowContext<T>>>(TemplateRef);

  static ngTemplateContextGuard<T>(_: TableRowDetail<T>, context: unknown): context is RowContext<T> {
    return context !== null;
  }
}
