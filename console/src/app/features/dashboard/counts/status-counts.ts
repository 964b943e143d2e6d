import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../../core/i18n/texts';
import { NumberPipe } from '../../../shared/format/number';
import { StatusBadge } from '../../../shared/status/status-badge';

/** How many there are of each status; each a link to just those. */
@Component({
  selector: 'ops-status-counts',
  templateUrl: './status-counts.html',
  styleUrl: './status-counts.scss',
  imports: [NumberPipe, RouterLink, StatusBadge, TextPipe],
})
export class StatusCounts {
  readonly kind = input.required<'agents' | 'services'>();
  /** In the order to be shown. */
  readonly statuses = input.required<readonly string[]>();
  readonly counts = input.required<{ readonly total: number; readonly [status: string]: number }>();
}
