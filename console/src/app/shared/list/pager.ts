import { Component, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../../core/i18n/texts';
import { NumberPipe } from '../format/number';

/** Says which page of a list is shown, and turns to the page before or after it. */
@Component({
  selector: 'ops-pager',
  template: `
    <nav class="pages" [attr.aria-label]="'common.pages' | transloco">
      <span class="ops-muted" role="status">{{
        'common.pageOf'
          | transloco: { page: (page() | opsNumber), pages: (pages() | opsNumber), total: (total() | opsNumber) }
      }}</span>
      <button
        mat-icon-button
        type="button"
        [disabled]="page() <= 1"
        [attr.aria-label]="'common.previousPage' | transloco"
        (click)="turned.emit(page() - 1)"
      >
        <mat-icon svgIcon="chevron-left" />
      </button>
      <button
        mat-icon-button
        type="button"
        [disabled]="page() >= pages()"
        [attr.aria-label]="'common.nextPage' | transloco"
        (click)="turned.emit(page() + 1)"
      >
        <mat-icon svgIcon="chevron-right" />
      </button>
    </nav>
  `,
  styles: `
    .pages {
      display: flex;
      align-items: center;
      justify-content: flex-end;
      gap: 4px;
      padding-top: 8px;
    }
  `,
  imports: [MatIcon, MatIconButton, NumberPipe, TextPipe],
})
export class Pager {
  /** The page that is shown, from 1. */
  readonly page = input.required<number>();
  readonly pages = input.required<number>();
  /** How many rows there are on all pages. */
  readonly total = input.required<number>();
  /** The page the user wants to see. */
  readonly turned = output<number>();
}
