import { Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { CommandBucket } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
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
const RANGES: Readonly<Record<string, number>> = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 };
const DEFAULT_RANGE = 'day';

/** What became of commands, and how long they took, over time; figures first, as pictures and as a table. */
@Component({
  selector: 'ops-insights',
  templateUrl: './insights.html',
  styleUrl: './insights.scss',
  imports: [Chart, EmptyState, FailedState, NumberPipe, PageHeader, RouterLink, Skeleton, StaleNote, TranslocoPipe],
})
export class Insights {
  readonly #language = inject(Language);
  readonly #transloco = inject(TranslocoService);
  // Emits when the texts of the chosen language are there.
  readonly #texts = toSignal(this.#transloco.selectTranslation());
  readonly #query = listQuery({ range: DEFAULT_RANGE });

  protected readonly ranges = Object.keys(RANGES);
  protected readonly range = computed(() => {
    const { range } = this.#query.value();
    return Object.hasOwn(RANGES, range) ? range : DEFAULT_RANGE;
  });
  protected readonly summary = inject(CommandsApi).summary(() => RANGES[this.range()] ?? 0);

  /** Statuses that any of them has. */
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
    this.#texts();
    const text = (key: string): string => this.#transloco.translate(key);
    return {
      status: (status) => text(`status.${status}`),
      span: (bucket) => this.spanOf(bucket),
      tick: ({ at }) => timeTick(at, RANGES[this.range()] ?? 0, this.#language.code()),
      duration: (milliseconds) => this.duration(milliseconds),
      p50: text('commands.insights.p50'),
      p95: text('commands.insights.p95'),
    };
  }
}
