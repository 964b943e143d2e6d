import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { CommandBucket } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
import type { TextKey } from '../../../core/i18n/text-key';
import { TextPipe, Texts } from '../../../core/i18n/texts';
import { formatDuration } from '../../../shared/format/duration';
import { NumberPipe } from '../../../shared/format/number';
import { timeSpanText, timeTick } from '../../../shared/format/time-span';
import { PageHeader } from '../../../shared/layout/page-header';
import { listQuery } from '../../../shared/list/list-query';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StaleNote } from '../../../shared/states/stale-note';
import { CommandsApi } from '../commands-api';
import { Chart, type ChartDrawing } from './chart';
import { durationsChart, outcomesChart, STACK, type ChartWords } from './insight-charts';

/** How far back, in seconds. */
const RANGES = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
type RangeName = keyof typeof RANGES;
const RANGE_NAMES = Object.keys(RANGES) as RangeName[];
const DEFAULT_RANGE: RangeName = 'day';

/** Outcomes and durations of commands over time: figures, charts and a table. */
@Component({
  selector: 'ops-insights',
  templateUrl: './insights.html',
  styleUrl: './insights.scss',
  imports: [Chart, EmptyState, FailedState, NumberPipe, PageHeader, RouterLink, Skeleton, StaleNote, TextPipe],
})
export class Insights {
  readonly #language = inject(Language);
  readonly #texts = inject(Texts);
  readonly #query = listQuery<{ readonly range: string }>({ range: DEFAULT_RANGE });

  protected readonly ranges = RANGE_NAMES;
  protected readonly range = computed((): RangeName => {
    const { range } = this.#query.value();
    return RANGE_NAMES.find((name) => name === range) ?? DEFAULT_RANGE;
  });
  protected readonly summary = inject(CommandsApi).summary(() => RANGES[this.range()]);

  /** The statuses that occur. */
  protected readonly statuses = computed(() => {
    const counts = this.summary.value()?.counts;
    return counts ? STACK.filter((status) => counts[status] > 0) : [];
  });
  protected readonly filled = computed(() =>
    (this.summary.value()?.histogram ?? []).filter(({ counts }) => Object.values(counts).some((count) => count > 0)),
  );
  protected readonly outcomes = computed<ChartDrawing>(() => this.#draw(outcomesChart));
  protected readonly durations = computed<ChartDrawing>(() => this.#draw(durationsChart));

  protected spanOf({ at }: CommandBucket): string {
    return timeSpanText({ from: at, to: this.endOf(at) }, this.#language.code());
  }

  protected endOf(at: string): string {
    return new Date(Date.parse(at) + (this.summary.value()?.bucketSeconds ?? 0) * 1_000).toISOString();
  }

  protected duration(milliseconds: number | null): string {
    return milliseconds === null ? '–' : formatDuration(milliseconds, this.#language.code());
  }

  #draw(chart: typeof outcomesChart): ChartDrawing {
    const [summary, words] = [this.summary.value(), this.#words()];
    return (colors) => (summary ? chart(summary, words, colors) : {});
  }

  #words(): ChartWords {
    const text = (key: TextKey): string => this.#texts.translate(key);
    return {
      status: (status) => text(`status.${status}`),
      span: (bucket) => this.spanOf(bucket),
      tick: ({ at }) => timeTick(at, RANGES[this.range()], this.#language.code()),
      duration: (milliseconds) => this.duration(milliseconds),
      p50: text('commands.insights.p50'),
      p95: text('commands.insights.p95'),
    };
  }
}
