import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { CapsuleService } from '#contracts';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { listQuery } from '../../../shared/list/list-query';
import { EmptyState } from '../../../shared/states/empty-state';
import { serviceReason } from '../../../shared/status/service-reason';
import { StatusBadge } from '../../../shared/status/status-badge';
import { hiddenServices, worstFirst, type ServiceCounts } from './hidden-services';
import { byLabel, BY_AGENT, groupServices, labelKeys } from './wall-groups';

/** From here on the tiles of a screen on a wall are small: nobody scrolls there. */
const MANY = 40;

/** A tile for every service, by agent or by a label that is chosen; the choice is in the URL. */
@Component({
  selector: 'ops-service-wall',
  templateUrl: './service-wall.html',
  styleUrl: './service-wall.scss',
  imports: [EmptyState, NumberPipe, RelativeTime, RouterLink, StatusBadge, TranslocoPipe],
  host: { '[class.kiosk]': 'isKiosk()', '[class.dense]': 'isDense()' },
})
export class ServiceWall {
  readonly services = input.required<readonly CapsuleService[]>();
  /** How many there are of each status; more than are shown when they are too many. */
  readonly counts = input.required<ServiceCounts>();
  readonly isKiosk = input(false);
  protected readonly byAgent = BY_AGENT;
  protected readonly isDense = computed(() => this.isKiosk() && this.services().length > MANY);
  protected readonly query = listQuery({ group: '' });
  protected readonly labels = computed(() => labelKeys(this.services()).map((key) => ({ key, value: byLabel(key) })));
  /** What the URL says, as long as there is such a label; else the most used one, else the agents. */
  protected readonly grouping = computed(() => {
    const { group } = this.query.value();
    const isKnown = group === BY_AGENT || this.labels().some(({ value }) => value === group);
    return isKnown ? group : (this.labels()[0]?.value ?? BY_AGENT);
  });
  /** Nobody scrolls a screen on a wall: there, what is in trouble comes first. */
  protected readonly groups = computed(() =>
    groupServices(this.isKiosk() ? worstFirst(this.services()) : this.services(), this.grouping()),
  );
  protected readonly hidden = computed(() => hiddenServices(this.services(), this.counts()));
  protected readonly reasonOf = serviceReason;
}
