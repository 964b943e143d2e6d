import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { CapsuleService } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { listQuery } from '../../../shared/list/list-query';
import { EmptyState } from '../../../shared/states/empty-state';
import { serviceReason } from '../../../shared/status/service-reason';
import { StatusBadge } from '../../../shared/status/status-badge';
import { hiddenServices, worstFirst, type ServiceCounts } from './hidden-services';
import { byLabel, BY_AGENT, groupServices, labelKeys } from './wall-groups';

/** From this number on, the tiles of a wall screen are small, because nobody scrolls there. */
const MANY = 40;

/** A tile for every service, grouped by agent or by a label from the URL. */
@Component({
  selector: 'ops-service-wall',
  templateUrl: './service-wall.html',
  styleUrl: './service-wall.scss',
  imports: [EmptyState, NumberPipe, RelativeTime, RouterLink, StatusBadge, TextPipe],
  host: { '[class.kiosk]': 'isKiosk()', '[class.dense]': 'isDense()' },
})
export class ServiceWall {
  readonly services = input.required<readonly CapsuleService[]>();
  /** The count of each status, which may exceed the shown services. */
  readonly counts = input.required<ServiceCounts>();
  readonly isKiosk = input(false);
  protected readonly byAgent = BY_AGENT;
  protected readonly isDense = computed(() => this.isKiosk() && this.services().length > MANY);
  protected readonly query = listQuery({ group: '' });
  protected readonly labels = computed(() => labelKeys(this.services()).map((key) => ({ key, value: byLabel(key) })));
  /** The grouping of the URL if that label exists, else the most used label, else the agents. */
  protected readonly grouping = computed(() => {
    const { group } = this.query.value();
    const isKnown = group === BY_AGENT || this.labels().some(({ value }) => value === group);
    return isKnown ? group : (this.labels()[0]?.value ?? BY_AGENT);
  });
  /** On a wall screen trouble comes first, because nobody scrolls there. */
  protected readonly groups = computed(() =>
    groupServices(this.isKiosk() ? worstFirst(this.services()) : this.services(), this.grouping()),
  );
  protected readonly hidden = computed(() => hiddenServices(this.services(), this.counts()));
  protected readonly reasonOf = serviceReason;
}
