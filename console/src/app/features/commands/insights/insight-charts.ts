import type { EChartsCoreOption } from 'echarts/core';
import { CommandStatus, type CommandBucket, type CommandSummary } from '#contracts';
import type { ChartColors } from './chart-colors';

/** How a chart says what it shows, in the user's language. */
export interface ChartWords {
  readonly status: (status: CommandStatus) => string;
  readonly span: (bucket: CommandBucket) => string;
  /** When it began, in few letters. */
  readonly tick: (bucket: CommandBucket) => string;
  readonly duration: (milliseconds: number) => string;
  readonly p50: string;
  readonly p95: string;
}

const { CANCELLED, EXPIRED, FAILED, PENDING, RUNNING, SUCCEEDED } = CommandStatus;

/** As they are stacked, from below: what went well first. */
export const STACK: readonly CommandStatus[] = [SUCCEEDED, FAILED, EXPIRED, CANCELLED, RUNNING, PENDING];

const COLORS: Readonly<Record<CommandStatus, keyof ChartColors>> = {
  SUCCEEDED: 'good',
  FAILED: 'bad',
  EXPIRED: 'warning',
  CANCELLED: 'offline',
  RUNNING: 'busy',
  PENDING: 'muted',
};

/** What is left free around a chart and its labels; above it is the legend. */
const EDGES = { left: 8, top: 56, bottom: 4 } as const;

const frame = ({ histogram }: CommandSummary, words: ChartWords, colors: ChartColors): EChartsCoreOption => {
  const text = { color: colors.muted };
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    // Drawn on the canvas: as HTML it would need styles that the page's policy refuses.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: text,
    },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: text },
    // The room on the right is half of the last tick's, which reaches into it: else ECharts would make the same room again.
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

/** What became of commands over time, stacked by status; statuses that none has are left out. */
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

/** How long commands took over time: half of them at most so long, and 95 of a hundred. */
export const durationsChart = (summary: CommandSummary, words: ChartWords, colors: ChartColors): EChartsCoreOption => {
  const line = (name: string, color: string, symbol: string, of: (bucket: CommandBucket) => number | null) => ({
    type: 'line',
    name,
    color,
    symbol,
    symbolSize: 6,
    // One that stands alone has no line to be seen by.
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
