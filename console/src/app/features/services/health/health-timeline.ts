import type { HealthReport, ServiceHealth } from '#contracts';

/** Something a service said, and until when; null while it still says so. */
export interface TimelineEntry {
  readonly report: HealthReport;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** What was said in a range and at its start, newest first. */
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
