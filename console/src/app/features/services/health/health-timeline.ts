import type { HealthReport, ServiceHealth } from '#contracts';

/** A health report and its end; null while it lasts. */
export interface TimelineEntry {
  readonly report: HealthReport;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** The reports in a range and at its start, newest first. */
export const toTimeline = ({ history, atStart }: ServiceHealth): readonly TimelineEntry[] => {
  const reports = atStart ? [...history, atStart] : history;
  return reports.map((report, i) => {
    const next = reports[i - 1];
    return {
      report,
      fromMs: Date.parse(report.reportedAt),
      toMs: next ? Date.parse(next.reportedAt) : null,
    };
  });
};
