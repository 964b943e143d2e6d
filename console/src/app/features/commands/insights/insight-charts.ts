import type { EChartsCoreOption } from 'echarts/core';
import { CommandStatus, type CommandBucket, type CommandSummary } from '#contracts';
import type { ChartColors } from './chart-colors';

/** The words of a chart in the user's language. */
export interface ChartWords {
  readonly status: (status: CommandStatus) => string;
  readonly span: (bucket: CommandBucket) => string;
  /** A short start time. */
  readonly tick: (bucket: CommandBucket) => string;
  readonly duration: (milliseconds: number) => string;
  readonly p50: string;
  readonly p95: string;
}

const { CANCELLED, EXPIRED, FAILED, PENDING, RUNNING, SUCCEEDED } = CommandStatus;

/** The order of stacking, from below: successes first. */
export const STACK: readonly CommandStatus[] = [SUCCEEDED, FAILED, EXPIRED, CANCELLED, RUNNING, PENDING];

const COLORS: Readonly<Record<CommandStatus, keyof ChartColors>> = {
  SUCCEEDED: 'good',
  FAILED: 'bad',
  EXPIRED: 'warning',
  CANCELLED: 'offline',
  RUNNING: 'busy',
  PENDING: 'muted',
};

/** The margins around a chart; the legend is above it. */
const EDGES = { left: 8, top: 56, bottom: 4 } as const;

const frame = ({ histogram }: CommandSummary, words: ChartWords, colors: ChartColors): EChartsCoreOption => {
  const text = { color: colors.muted };
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    // On the canvas: an HTML tooltip needs inline styles, which the CSP refuses.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: text,
    },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: text },
    // The right margin is half of the last tick's label; otherwise ECharts would add it again.
    grid: { ...EDGES, right: 28, outerBounds: { ...EDGES, right: 0 }, outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: histogram.map(words.span),
      axisLabel: {
        ...text,
        hideOverlap: true,
        formatter: (_: string, index: number) => {
          const bucket = histogram[index];
          return bucket ? words.tick(bucket) : '';
        },
      },
      axisLine: { lineStyle: text },
    },
  };
};

const valueAxis = (colors: ChartColors): EChartsCoreOption => ({
  type: 'value',
  minInterval: 1,
  axisLabel: { color: colors.muted },
  splitLine: { lineStyle: { color: colors.line } },
});

/** Outcomes of commands over time, stacked by status, without unused statuses. */
export const outcomesChart = (summary: CommandSummary, words: ChartWords, colors: ChartColors): EChartsCoreOption => ({
  ...frame(summary, words, colors),
  yAxis: valueAxis(colors),
  series: STACK.filter((status) => summary.counts[status] > 0).map((status) => ({
    type: 'bar',
    stack: 'outcomes',
    name: words.status(status),
    color: colors[COLORS[status]],
    barCategoryGap: '20%',
    data: summary.histogram.map(({ counts }) => counts[status]),
  })),
});

/** Durations of commands over time: median and 95th percentile. */
export const durationsChart = (summary: CommandSummary, words: ChartWords, colors: ChartColors): EChartsCoreOption => {
  const line = (name: string, color: string, symbol: string, of: (bucket: CommandBucket) => number | null) => ({
    type: 'line',
    name,
    color,
    symbol,
    symbolSize: 6,
    // A single point has no line.
    showAllSymbol: true,
    data: summary.histogram.map(of),
    tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? words.duration(value) : '–') },
  });
  return {
    ...frame(summary, words, colors),
    yAxis: { ...valueAxis(colors), axisLabel: { color: colors.muted, formatter: words.duration } },
    series: [
      line(words.p95, colors.warning, 'triangle', ({ p95Ms }) => p95Ms),
      line(words.p50, colors.busy, 'circle', ({ p50Ms }) => p50Ms),
    ],
  };
};
