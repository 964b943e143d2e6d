import { Component, input } from '@angular/core';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import type { IconName } from '../../core/icons/icons';
import { EmptyState } from '../states/empty-state';
import type { ListQuery, ListQueryShape } from './list-query';

/** Explains an empty list: nothing matches the filters, or there is nothing yet and what to do next. */
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
  imports: [EmptyState, TextPipe],
})
export class ListEmpty {
  readonly query = input.required<ListQuery<ListQueryShape>>();
  readonly icon = input.required<IconName>();
  /** The key of the text for a list without any rows. */
  readonly none = input.required<TextKey>();
  readonly noneText = input.required<TextKey>();
}
