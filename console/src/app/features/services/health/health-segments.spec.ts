import type { HealthReport, HealthStatus } from '#contracts';
import { sharesOf, stripSegments, toColumns, toSegments } from './health-segments';

const report = (status: HealthStatus, ms: number): HealthReport => ({
  id: 'hlr_1',
  serviceId: 'svc_1',
  status,
  message: null,
  details: null,
  reportedAt: new Date(ms).toISOString(),
});
const health = (atStart: HealthReport | null, ...history: HealthReport[]) => ({ latest: null, atStart, history });

describe('Health over time', () => {
  it('is one stretch while nothing changes', () => {
    expect(toSegments(health(report('UP', 5)), 100, 200)).toEqual([{ status: 'UP', fromMs: 100, toMs: 200 }]);
  });

  it('is unknown before the first report', () => {
    expect(toSegments(health(null, report('UP', 150)), 100, 200)).toEqual([
      { status: null, fromMs: 100, toMs: 150 },
      { status: 'UP', fromMs: 150, toMs: 200 },
    ]);
  });

  it('goes from change to change', () => {
    const segments = toSegments(health(report('UP', 5), report('UP', 180), report('DOWN', 160)), 100, 200);
    expect(segments.map(({ status, fromMs }) => [status, fromMs])).toEqual([
      ['UP', 100],
      ['DOWN', 160],
      ['UP', 180],
    ]);
    expect(sharesOf(segments)).toMatchObject({ UP: 0.8, DOWN: 0.2 });
  });

  it('shows the worst of each part', () => {
    const segments = toSegments(health(report('UP', 5), report('UP', 165), report('DOWN', 160)), 100, 200);
    expect(toColumns(segments, 4)).toEqual(['UP', 'UP', 'DOWN', 'UP']);
  });

  it('does not guess what came before a history that was cut', () => {
    const history = Array.from({ length: 1_000 }, () => report('UP', 150));
    expect(toSegments({ latest: null, atStart: report('DOWN', 5), history }, 100, 200)[0]).toMatchObject({
      status: null,
    });
  });

  it('reads the strip of a list', () => {
    const strip = { serviceId: 'svc_1', from: new Date(0).toISOString(), statuses: [null, 'UP'] } as const;
    expect(stripSegments(strip, 10)).toEqual([
      { status: null, fromMs: 0, toMs: 10 },
      { status: 'UP', fromMs: 10, toMs: 20 },
    ]);
  });
});
