import { Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatChipsModule } from '@angular/material/chips';
import { MatIcon } from '@angular/material/icon';
import type { TextKey } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import type { ListQuery, ListQueryShape } from './list-query';

/** A filter without a field of its own, such as one from a link. */
export interface FilterChip {
  /** The field of the query. */
  readonly field: string;
  readonly value: string;
  /** The key of its text, which has the parameter `name`. */
  readonly text: TextKey;
  readonly name: string;
}

/** The filters of a list, with chips for those without a field, and a button that clears them all. */
@Component({
  selector: 'ops-filter-bar',
  template: `
    <div class="fields">
      <ng-content />
      @if (query().isFiltered()) {
        <button mat-button type="button" (click)="query().reset()">{{ 'common.clearFilters' | transloco }}</button>
      }
    </div>
    @if (chips().length > 0) {
      <mat-chip-set [attr.aria-label]="'common.filters' | transloco">
        @for (chip of chips(); track chip.field + chip.value) {
          <mat-chip (removed)="remove(chip)">
            {{ chip.text | transloco: { name: chip.name } }}
            <button
              matChipRemove
              type="button"
              [attr.aria-label]="'common.removeFilter' | transloco: { name: chip.name }"
            >
              <mat-icon svgIcon="close" />
            </button>
          </mat-chip>
        }
      </mat-chip-set>
    }
  `,
  styles: `
    :host {
      display: block;
      margin-bottom: 8px;
    }

    .fields {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 12px;
    }

    mat-chip-set {
      display: block;
      margin-top: 8px;
    }
  `,
  imports: [MatButton, MatChipsModule, MatIcon, TextPipe],
})
export class FilterBar {
  readonly query = input.required<ListQuery<ListQueryShape>>();
  readonly chips = input<readonly FilterChip[]>([]);

  protected remove({ field, value }: FilterChip): void {
    const current = this.query().value()[field];
    const left = typeof current === 'object' ? current.filter((one) => one !== value) : '';
    this.query().set({ [field]: left });
  }
}
