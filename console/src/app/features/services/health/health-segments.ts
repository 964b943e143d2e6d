import type { HealthReport, HealthStatus, HealthStrip, ServiceHealth } from '#contracts';

/** The reported health over an interval; null where it is unknown. */
export interface HealthSegment {
  readonly status: HealthStatus | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The most transitions the server returns; with that many, earlier ones are unknown. */
export const MAX_TRANSITIONS = 1_000;

const GRAVITY: readonly (HealthStatus | null)[] = [null, 'UP', 'UNKNOWN', 'DEGRADED', 'DOWN'];

const msOf = ({ reportedAt }: HealthReport): number => Date.parse(reportedAt);

/** Transitions, newest first, as segments, oldest first. */
export const toSegments = (
  { history, atStart }: ServiceHealth,
  fromMs: number,
  toMs: number,
): readonly HealthSegment[] => {
  const transitions = [...history].reverse();
  const isCut = history.length >= MAX_TRANSITIONS;
  const first: HealthSegment = {
    status: isCut ? null : (atStart?.status ?? null),
    fromMs,
    toMs: transitions[0] ? msOf(transitions[0]) : toMs,
  };
  const rest = transitions.map((report, i): HealthSegment => {
    const next = transitions[i + 1];
    return { status: report.status, fromMs: msOf(report), toMs: next ? msOf(next) : toMs };
  });
  return [first, ...rest].filter((segment) => segment.toMs > segment.fromMs);
};

/** The worst status in each of `count` equal parts of the time. */
export const toColumns = (segments: readonly HealthSegment[], count: number): readonly (HealthStatus | null)[] => {
  const start = segments[0]?.fromMs ?? 0;
  const size = ((segments.at(-1)?.toMs ?? 0) - start) / count;
  const columns = Array.from({ length: count }, (): HealthStatus | null => null);
  for (const { status, fromMs, toMs } of segments) {
    const last = Math.min(count, Math.ceil((toMs - start) / size));
    for (let i = Math.floor((fromMs - start) / size); i < last; i += 1) {
      if (GRAVITY.indexOf(status) > GRAVITY.indexOf(columns[i] ?? null)) columns[i] = status;
    }
  }
  return columns;
};

/** A health strip of the server as segments. */
export const stripSegments = ({ from, statuses }: HealthStrip, spanMs: number): readonly HealthSegment[] =>
  statuses.map((status, i) => {
    const fromMs = Date.parse(from) + i * spanMs;
    return { status, fromMs, toMs: fromMs + spanMs };
  });

/** The share of time of each status, 0..1. */
export const sharesOf = (segments: readonly HealthSegment[]): Readonly<Record<HealthStatus | 'NONE', number>> => {
  const shares = { UP: 0, DEGRADED: 0, DOWN: 0, UNKNOWN: 0, NONE: 0 };
  const total = segments.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  for (const { status, fromMs, toMs } of segments) shares[status ?? 'NONE'] += (toMs - fromMs) / total;
  return shares;
};
