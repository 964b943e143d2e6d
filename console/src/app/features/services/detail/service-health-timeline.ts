import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import type { CapsuleServiceDetail } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
import { TextPipe } from '../../../core/i18n/texts';
import { formatDuration } from '../../../shared/format/duration';
import { Now } from '../../../shared/format/now';
import { RelativeTime } from '../../../shared/format/relative-time';
import { listQuery } from '../../../shared/list/list-query';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { HealthBar } from '../health/health-bar';
import { MAX_TRANSITIONS, toSegments } from '../health/health-segments';
import { toTimeline } from '../health/health-timeline';
import { ServicesApi } from '../services-api';
import { recentFrom } from './recent-range';

const RANGES = { '24h': 24, '7d': 168, '30d': 720 } as const;
type RangeName = keyof typeof RANGES;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const SHOWN = 50;

const isRange = (name: string): name is RangeName => Object.hasOwn(RANGES, name);

/** Every change of a service's reported health, and how long it lasted. */
@Component({
  selector: 'ops-service-health-timeline',
  templateUrl: './service-health-timeline.html',
  styleUrl: './service-health-timeline.scss',
  imports: [
    EmptyState,
    FailedState,
    HealthBar,
    MatButton,
    MatButtonToggleModule,
    RelativeTime,
    Skeleton,
    StatusBadge,
    TextPipe,
  ],
})
export class ServiceHealthTimeline {
  readonly service = input.required<CapsuleServiceDetail>();
  readonly #now = inject(Now);
  readonly #language = inject(Language);
  protected readonly ranges = Object.keys(RANGES) as (keyof typeof RANGES)[];
  protected readonly query = listQuery({ range: '24h' });
  protected readonly range = computed<RangeName>(() => {
    const { range } = this.query.value();
    return isRange(range) ? range : '24h';
  });
  readonly #from = recentFrom(this.service, () => RANGES[this.range()]);
  readonly #id = computed(() => this.service().id);
  protected readonly health = inject(ServicesApi).health(this.#id, this.#from);
  readonly #minute = computed(() => Math.ceil(this.#now.ms() / MINUTE_MS) * MINUTE_MS);
  protected readonly segments = computed(() => {
    const health = this.health.value();
    return health ? toSegments(health, Date.parse(this.#from()), this.#minute()) : [];
  });
  protected readonly isCut = computed(() => this.health.value()?.history.length === MAX_TRANSITIONS);
  readonly #entries = computed(() => {
    const health = this.health.value();
    return health ? toTimeline(health) : [];
  });
  readonly #limit = linkedSignal({ source: this.range, computation: () => SHOWN });
  protected readonly entries = computed(() => this.#entries().slice(0, this.#limit()));
  protected readonly hidden = computed(() => this.#entries().length - this.entries().length);

  /** How long it lasted, or has lasted so far. */
  protected lasted(fromMs: number, toMs: number | null): string {
    const soFarMs = Math.floor((this.#now.ms() - fromMs) / SECOND_MS) * SECOND_MS;
    return formatDuration(toMs === null ? soFarMs : toMs - fromMs, this.#language.code());
  }

  protected showMore(): void {
    this.#limit.update((limit) => limit + SHOWN);
  }
}
