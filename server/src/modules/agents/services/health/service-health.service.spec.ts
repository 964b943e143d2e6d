import type { HealthStatus } from '#contracts';
import type { SpanStatus } from './health-reports.repository.js';
import { toHealthStrip } from './service-health.service.js';

const change = (span: number, status: HealthStatus, lastAt: number): SpanStatus => ({
  serviceId: 'svc_1',
  span,
  status,
  lastAt,
});

describe('The health strip', () => {
  it('repeats the first status while nothing changes', () => {
    expect(toHealthStrip('UP', [], 3)).toEqual(['UP', 'UP', 'UP']);
  });

  it('is empty until the first report', () => {
    expect(toHealthStrip(null, [change(1, 'UP', 10)], 3)).toEqual([null, 'UP', 'UP']);
  });

  it('shows the worst status of a span, and continues with the last', () => {
    const changes = [change(1, 'UP', 30), change(1, 'DOWN', 20)];
    expect(toHealthStrip('UP', changes, 3)).toEqual(['UP', 'DOWN', 'UP']);
  });
});
