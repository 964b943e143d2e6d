import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { knownStatus, lookOf } from './status-looks';

/** A status by icon, text and colour. One it does not know, a service's own, stands in its own words. */
@Component({
  selector: 'ops-status-badge',
  template: `<mat-icon [svgIcon]="look().icon" aria-hidden="true" />
    @if (known(); as name) {
      <span [class.visually-hidden]="isCompact()">{{ 'status.' + name | transloco }}</span>
    } @else {
      <span>{{ status() }}</span>
    }`,
  imports: [MatIcon, TranslocoPipe],
  styleUrl: './status-badge.scss',
  host: { '[class]': 'look().tone', '[attr.data-status]': 'status()' },
})
export class StatusBadge {
  readonly status = input.required<string>();
  /** Whether a status it knows is seen by its icon alone, and only read aloud in words. */
  readonly isCompact = input(false);
  protected readonly known = computed(() => knownStatus(this.status()));
  protected readonly look = computed(() => lookOf(this.known()));
}
