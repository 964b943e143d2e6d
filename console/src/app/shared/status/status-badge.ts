import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../../core/i18n/texts';
import { knownStatus, lookOf } from './status-looks';

/** A status by icon, text and colour. An unknown one, such as a service's own, is shown as it is. */
@Component({
  selector: 'ops-status-badge',
  templateUrl: './status-badge.html',
  imports: [MatIcon, TextPipe],
  styleUrl: './status-badge.scss',
  host: { '[class]': 'look().tone', '[attr.data-status]': 'status()' },
})
export class StatusBadge {
  readonly status = input.required<string>();
  /** Whether a known status shows its icon only; screen readers still get the text. */
  readonly isCompact = input(false);
  protected readonly known = computed(() => knownStatus(this.status()));
  protected readonly look = computed(() => lookOf(this.known()));
}
