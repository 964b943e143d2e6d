import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { NumberPipe } from '../../../shared/format/number';
import { StatusBadge } from '../../../shared/status/status-badge';

/** How many there are of each status; each a link to just those. */
@Component({
  selector: 'ops-status-counts',
  template: `<nav [attr.aria-label]="'dashboard.counts.' + kind() | transloco">
    <a class="total" [routerLink]="'/' + kind()">
      {{ 'nav.' + kind() | transloco }} <strong>{{ counts().total | opsNumber }}</strong>
    </a>
    @for (status of statuses(); track status) {
      @if (counts()[status]; as count) {
        <a [routerLink]="'/' + kind()" [queryParams]="{ status }">
          <ops-status-badge [status]="status" />&ngsp;<strong>{{ count | opsNumber }}</strong>
        </a>
      }
    }
  </nav>`,
  styleUrl: './status-counts.scss',
  imports: [NumberPipe, RouterLink, StatusBadge, TranslocoPipe],
})
export class StatusCounts {
  readonly kind = input.required<'agents' | 'services'>();
  /** In the order to be shown. */
  readonly statuses = input.required<readonly string[]>();
  readonly counts = input.required<{ readonly total: number; readonly [status: string]: number }>();
}
