import { init, setPlatformAPI } from 'echarts';
import { aCommandBucket, aCommandSummary } from '../../../../testing/builders';
import type { ChartColors } from './chart-colors';
import { durationsChart, outcomesChart, type ChartWords } from './insight-charts';

const names = ['good', 'warning', 'bad', 'offline', 'busy', 'muted', 'line', 'surface'] as const;
const colors = Object.fromEntries(names.map((name) => [name, name])) as ChartColors;

const BUCKETS = 96;
const TICK = '11:45 PM';
const LETTER_PX = 7;
const WIDTH_PX = 1_200;

const words: ChartWords = {
  status: (status) => status.toLowerCase(),
  span: ({ at }) => at.slice(11, 16),
  tick: ({ at }) => `${at.slice(11, 13)} h`,
  duration: (milliseconds) => `${milliseconds} ms`,
  p50: 'half',
  p95: 'most',
};

describe('the chart of outcomes', () => {
  it('stacks the statuses there are, over every stretch of time, each in its own colour', () => {
    expect(outcomesChart(aCommandSummary(), words, colors)).toMatchObject({
      xAxis: { data: ['08:00', '09:00'] },
      series: [
        { type: 'bar', stack: 'outcomes', name: 'succeeded', color: 'good', data: [0, 1] },
        { type: 'bar', stack: 'outcomes', name: 'failed', color: 'bad', data: [0, 1] },
      ],
    });
  });

  it('has little to read at its axis: when each stretch began', () => {
    const { xAxis } = outcomesChart(aCommandSummary(), words, colors) as {
      xAxis: { axisLabel: { formatter: (name: string, index: number) => string } };
    };
    expect([0, 1, 2].map((index) => xAxis.axisLabel.formatter('', index))).toEqual(['08 h', '09 h', '']);
  });

  it('takes the width there is, but for half of a tick on the right', () => {
    setPlatformAPI({ measureText: (text) => ({ width: text.length * LETTER_PX }) });
    const drawn = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH_PX, height: 280 });
    const histogram = Array.from({ length: BUCKETS }, () => aCommandBucket());
    drawn.setOption(outcomesChart(aCommandSummary({ histogram }), { ...words, tick: () => TICK }, colors));
    const middleOf = (bucket: number): number => drawn.convertToPixel({ xAxisIndex: 0 }, bucket);
    const end = middleOf(BUCKETS - 1) + (middleOf(1) - middleOf(0)) / 2;
    drawn.dispose();
    expect(WIDTH_PX - end).toBeLessThanOrEqual((TICK.length * LETTER_PX) / 2);
  });

  it('draws what it says on the canvas: HTML would need styles that the policy of the page refuses', () => {
    expect(outcomesChart(aCommandSummary(), words, colors)).toMatchObject({ tooltip: { renderMode: 'richText' } });
  });
});

describe('the chart of durations', () => {
  it('has a gap where no command was answered', () => {
    expect(durationsChart(aCommandSummary(), words, colors)).toMatchObject({
      series: [
        // Each has its mark: one with gaps around it has nothing else.
        { type: 'line', name: 'most', data: [null, 2_400], showAllSymbol: true },
        { type: 'line', name: 'half', data: [null, 320], showAllSymbol: true },
      ],
    });
  });
});
