import type { AuditSummary } from '#contracts';
import { anAuditSummary } from '../../../../testing/builders';
import { barsOf, pickAfter, sumOf, type Pick } from './bars';

const summary: AuditSummary = anAuditSummary({
  from: '2026-05-04T09:10:00.000Z',
  to: '2026-05-04T12:30:00.000Z',
  bucketSeconds: 3_600,
  histogram: [9, 10, 11, 12].map((hour, i) => ({
    at: `2026-05-04T${String(hour).padStart(2, '0')}:00:00.000Z`,
    count: i,
    failures: i === 3 ? 2 : 0,
  })),
});

const press = (pick: Pick | null, key: string, shiftKey = false): Pick | undefined =>
  pickAfter(pick, new KeyboardEvent('keydown', { key, shiftKey }), 4);

describe('the bars of a summary', () => {
  it('end with its range', () => {
    expect(barsOf(summary).map(({ from, to }) => [from.slice(11, 16), to.slice(11, 16)])).toEqual([
      ['09:10', '10:00'],
      ['10:00', '11:00'],
      ['11:00', '12:00'],
      ['12:00', '12:30'],
    ]);
  });

  it('are summed up from one to another, in either direction, or all', () => {
    const expected = { from: '2026-05-04T10:00:00.000Z', to: '2026-05-04T12:00:00.000Z', count: 3, failures: 0 };
    expect(sumOf(barsOf(summary), { anchor: 1, head: 2 })).toEqual(expected);
    expect(sumOf(barsOf(summary), { anchor: 2, head: 1 })).toEqual(expected);
    expect(sumOf(barsOf(summary), null)).toMatchObject({ count: 6, failures: 2 });
    expect(sumOf([], null)).toBeNull();
  });
});

describe('keys on the bars', () => {
  it('pick one bar at a time, and stay within them', () => {
    expect(press(null, 'ArrowRight')).toEqual({ anchor: 0, head: 0 });
    expect(press(null, 'ArrowLeft')).toEqual({ anchor: 3, head: 3 });
    expect(press({ anchor: 0, head: 0 }, 'ArrowLeft')).toEqual({ anchor: 0, head: 0 });
    expect(press({ anchor: 1, head: 3 }, 'ArrowRight')).toEqual({ anchor: 3, head: 3 });
    expect(press({ anchor: 1, head: 1 }, 'End')).toEqual({ anchor: 3, head: 3 });
    expect(press({ anchor: 1, head: 1 }, 'Home')).toEqual({ anchor: 0, head: 0 });
  });

  it('pick more with shift, and nothing with other keys', () => {
    expect(press({ anchor: 1, head: 1 }, 'ArrowRight', true)).toEqual({ anchor: 1, head: 2 });
    expect(press({ anchor: 1, head: 2 }, 'ArrowLeft', true)).toEqual({ anchor: 1, head: 1 });
    expect(press(null, 'ArrowRight', true)).toEqual({ anchor: 0, head: 0 });
    expect(press(null, 'a')).toBeUndefined();
  });
});
