import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { IconName } from '../../core/icons/icons';

type Tone = 'good' | 'warning' | 'bad' | 'offline' | 'busy';

/** Every status there is, over all kinds of things: what it looks like. */
const LOOKS: Readonly<Record<string, readonly [Tone, IconName]>> = {
  ONLINE: ['good', 'check'],
  HEALTHY: ['good', 'check'],
  UP: ['good', 'check'],
  SUCCEEDED: ['good', 'check'],
  SUCCESS: ['good', 'check'],
  ACTIVE: ['good', 'check'],
  PENDING: ['busy', 'hourglass'],
  RUNNING: ['busy', 'play'],
  DEGRADED: ['warning', 'warning'],
  STALE: ['warning', 'schedule'],
  EXPIRED: ['warning', 'schedule'],
  MEDIUM: ['warning', 'warning'],
  UNHEALTHY: ['bad', 'error'],
  DOWN: ['bad', 'error'],
  FAILED: ['bad', 'error'],
  FAILURE: ['bad', 'error'],
  HIGH: ['bad', 'warning'],
  REVOKED: ['bad', 'block'],
  OFFLINE: ['offline', 'cloud-off'],
  DISABLED: ['offline', 'block'],
  CANCELLED: ['offline', 'block'],
  USED: ['offline', 'check'],
  UNKNOWN: ['offline', 'help'],
  RETIRED: ['offline', 'cloud-off'],
  LOW: ['offline', 'check'],
};

/** A status by icon, text and colour. One it does not know, a service's own, stands in its own words. */
@Component({
  selector: 'ops-status-badge',
  template: `<mat-icon [svgIcon]="icon()" aria-hidden="true" />
    @if (isKnown()) {
      <span>{{ 'status.' + status() | transloco }}</span>
    } @else {
      <span>{{ status() }}</span>
    }`,
  imports: [MatIcon, TranslocoPipe],
  styleUrl: './status-badge.scss',
  host: { '[class]': 'tone()', '[attr.data-status]': 'status()' },
})
export class StatusBadge {
  readonly status = input.required<string>();
  protected readonly isKnown = computed(() => Object.hasOwn(LOOKS, this.status()));
  readonly #look = computed(
    () => (this.isKnown() ? LOOKS[this.status()] : undefined) ?? (['offline', 'help'] as const),
  );
  protected readonly tone = computed(() => this.#look()[0]);
  protected readonly icon = computed(() => this.#look()[1]);
}
