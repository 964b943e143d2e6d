import { Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { IconName } from '../../core/icons/icons';
import { EmptyState } from '../states/empty-state';
import type { ListQuery, ListQueryShape } from './list-query';

/** Why a list is empty: nothing matches its filters, or there is nothing yet, and then what to do about it. */
@Component({
  selector: 'ops-list-empty',
  template: `
    @if (query().isFiltered()) {
      <ops-empty-state [icon]="icon()" [title]="'common.noMatch' | transloco" />
    } @else {
      <ops-empty-state [icon]="icon()" [title]="none() | transloco" [text]="noneText() | transloco">
        <ng-content />
      </ops-empty-state>
    }
  `,
  imports: [EmptyState, TranslocoPipe],
})
export class ListEmpty {
  readonly query = input.required<ListQuery<ListQueryShape>>();
  readonly icon = input.required<IconName>();
  /** Key of the text that says that there is nothing yet. */
  readonly none = input.required<string>();
  readonly noneText = input.required<string>();
}
