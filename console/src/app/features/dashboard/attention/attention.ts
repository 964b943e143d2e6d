import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { CapsuleServiceStatus, type DashboardOverview } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { OUTCOME_TEXTS } from '../../../shared/commands/outcome-texts';
import { RelativeTime } from '../../../shared/format/relative-time';
import { StatusBadge } from '../../../shared/status/status-badge';
import { troubleOf, type Trouble } from './trouble';

const TROUBLE: readonly CapsuleServiceStatus[] = [
  CapsuleServiceStatus.UNHEALTHY,
  CapsuleServiceStatus.OFFLINE,
  CapsuleServiceStatus.STALE,
];

/** How many services in trouble are looked at. */
const MOST = 20;
/** How many services of an agent are named. */
const NAMED = 3;

/** What someone should look at now, each with its reason; or that there is nothing. */
@Component({
  selector: 'ops-attention',
  templateUrl: './attention.html',
  styleUrl: './attention.scss',
  imports: [MatIcon, RelativeTime, RouterLink, StatusBadge, TextPipe],
})
export class Attention {
  readonly overview = input.required<DashboardOverview>();
  protected readonly trouble = TROUBLE;
  protected readonly outcomes = OUTCOME_TEXTS;
  /** Worst first, else as they came; those of the wall too, for the worst may not be among the first by name. */
  protected readonly services = computed(() => {
    const { troubledServices, services } = this.overview();
    const known = new Map([...services, ...troubledServices].map((service) => [service.id, service]));
    return [...known.values()]
      .filter(({ status }) => TROUBLE.includes(status))
      .sort((a, b) => TROUBLE.indexOf(a.status) - TROUBLE.indexOf(b.status))
      .slice(0, MOST);
  });
  protected readonly troubles = computed(() => troubleOf(this.services()));
  protected readonly troubled = computed(() =>
    TROUBLE.reduce((sum, status) => sum + this.overview().serviceCounts[status], 0),
  );
  protected readonly count = computed(
    () => this.troubled() + this.overview().failedCommands.total + this.overview().expiringTokens.length,
  );

  protected readonly failedQuery = computed(() => ({
    status: ['FAILED', 'EXPIRED'],
    type: 'ACTION_EXECUTE',
    from: this.overview().failedCommands.since,
  }));

  /** The first few by name; the agent's page has them all. */
  protected namesOf({ services }: Trouble): string {
    const names = services.slice(0, NAMED).map(({ name }) => name);
    return [...names, ...(services.length > NAMED ? ['…'] : [])].join(', ');
  }
}
