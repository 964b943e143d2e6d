import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { IconName } from '../../core/icons/icons';

/** Says why there is nothing; the next step is its content. */
@Component({
  selector: 'ops-empty-state',
  template: `
    <mat-icon [svgIcon]="icon()" aria-hidden="true" />
    <p class="title">{{ title() }}</p>
    @if (text(); as more) {
      <p class="ops-muted">{{ more }}</p>
    }
    <ng-content />
  `,
  imports: [MatIcon],
  styleUrl: './state.scss',
})
export class EmptyState {
  readonly icon = input<IconName>('help');
  readonly title = input.required<string>();
  readonly text = input<string>();
}
