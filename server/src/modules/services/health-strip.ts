import type { HealthStatus } from '#contracts';
import type { SpanStatus } from './health-history.repository.js';

/** Worst first. */
const BY_GRAVITY: readonly (HealthStatus | null)[] = ['DOWN', 'DEGRADED', 'UNKNOWN', 'UP', null];

const worst = (statuses: readonly (HealthStatus | null)[]): HealthStatus | null =>
  BY_GRAVITY.find((status) => statuses.includes(status)) ?? null;

/** The worst status of each span: what it began with, and all that came in it. */
export const toHealthStrip = (
  atStart: HealthStatus | null,
  changes: readonly SpanStatus[],
  spans: number,
): (HealthStatus | null)[] => {
  let current = atStart;
  return Array.from({ length: spans }, (_, span) => {
    const inSpan = changes.filter((change) => change.span === span).sort((a, b) => a.lastAt - b.lastAt);
    const shown = worst([current, ...inSpan.map(({ status }) => status)]);
    current = inSpan.at(-1)?.status ?? current;
    return shown;
  });
};
