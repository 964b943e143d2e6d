import { Injectable } from '@nestjs/common';
import type { AgentId, CapsuleServiceId, HealthReportId, HealthStatus } from '#contracts';
import { Database } from '../../../../database/database.js';
import type { Tx } from '../../../../database/tx.js';
import { CapsuleServiceEntity } from '../capsule-service.entity.js';
import { HealthReportEntity } from './health-report.entity.js';

const MAX_HISTORY = 1_000;

const NEWEST_FIRST = 'ORDER BY reported_at DESC, id DESC';

const SELECT_STATUSES_AT = `SELECT service.id, (SELECT report.status FROM health_reports report
    WHERE report.service_id = service.id AND report.reported_at < :at
    ORDER BY report.reported_at DESC, report.id DESC LIMIT 1) AS status
  FROM capsule_services service WHERE service.id IN (:...ids)`;

const SELECT_SUPERSEDED = `SELECT report.id FROM health_reports report WHERE report.reported_at < :at
  AND EXISTS (SELECT 1 FROM health_reports later WHERE later.service_id = report.service_id
    AND later.reported_at < :at AND (later.reported_at > report.reported_at
      OR (later.reported_at = report.reported_at AND later.id > report.id)))
  ORDER BY report.reported_at LIMIT :limit`;

/** From `from` on and before `to`; without one, unbounded on that side. */
export interface HistoryRange {
  readonly from?: Date;
  readonly to?: Date;
}

/** The status of a service at an instant; null when it had reported none. */
interface StatusAt {
  readonly id: CapsuleServiceId;
  readonly status: HealthStatus | null;
}

/** A status that a service entered during a span of time. */
export interface SpanStatus {
  readonly serviceId: CapsuleServiceId;
  /** Counted from the start of the range. */
  readonly span: number;
  readonly status: HealthStatus;
  /** When the service last entered it within the span, in milliseconds. */
  readonly lastAt: number;
}

interface SpanRow {
  readonly service_id: CapsuleServiceId;
  readonly span: string | number;
  readonly status: HealthStatus;
  readonly last_at: string | number;
}

/** Reads and writes the health transitions of services. Every result is bounded, however often they changed. */
@Injectable()
export class HealthReportsRepository {
  constructor(private readonly db: Database) {}

  async insert(report: HealthReportEntity, tx: Tx): Promise<void> {
    await tx.insert(HealthReportEntity, report);
  }

  /**
   * Stores the present status of a service, with its present message and details; nothing when the service has another one
   * by now, or a newer transition is stored.
   */
  async insertCurrent(report: Omit<HealthReportEntity, 'message' | 'details'>, tx: Tx): Promise<void> {
    const { serviceId, status, reportedAt } = report;
    const isCurrent = 'id = :serviceId AND health_status = :status AND health_since = :since';
    const parameters = { serviceId, status, since: reportedAt.getTime() };
    const service = await this.db.findOne(CapsuleServiceEntity, isCurrent, parameters, tx);
    if (!service) return;
    await this.insert({ ...report, message: service.healthMessage, details: service.healthDetails }, tx);
  }

  /** Replaces the message of the last transition, if it has this status. */
  async changeMessage(
    serviceId: CapsuleServiceId,
    { status, message }: Pick<HealthReportEntity, 'status' | 'message'>,
    tx: Tx,
  ): Promise<void> {
    const last = `SELECT id FROM health_reports WHERE service_id = :serviceId ${NEWEST_FIRST} LIMIT 1`;
    const condition = `id = (${last}) AND status = :status`;
    await tx.update(HealthReportEntity, { message }, condition, { serviceId, status });
  }

  /** What an audit event says about a service; null when it is gone. */
  findServiceName(id: CapsuleServiceId, tx: Tx): Promise<{ readonly code: string; readonly agentId: AgentId } | null> {
    return this.db.findOne(CapsuleServiceEntity, 'id = :id', { id }, tx);
  }

  findLatest(serviceId: CapsuleServiceId): Promise<HealthReportEntity | null> {
    return this.db.findOne(HealthReportEntity, `service_id = :serviceId ${NEWEST_FIRST} LIMIT 1`, { serviceId });
  }

  /** The last transition before an instant. */
  findBefore(serviceId: CapsuleServiceId, at: Date): Promise<HealthReportEntity | null> {
    const condition = `service_id = :serviceId AND reported_at < :at ${NEWEST_FIRST} LIMIT 1`;
    return this.db.findOne(HealthReportEntity, condition, { serviceId, at: at.getTime() });
  }

  /** The transitions in the range, newest first, at most 1,000. */
  listInRange(serviceId: CapsuleServiceId, { from, to }: HistoryRange): Promise<HealthReportEntity[]> {
    const inRange = [from && 'AND reported_at >= :from', to && 'AND reported_at < :to'].filter(Boolean).join(' ');
    const condition = `service_id = :serviceId ${inRange} ${NEWEST_FIRST} LIMIT ${MAX_HISTORY}`;
    return this.db.find(HealthReportEntity, condition, { serviceId, from: from?.getTime(), to: to?.getTime() });
  }

  /** The status each of these services had at an instant. */
  async listStatusesAt(ids: readonly CapsuleServiceId[], at: Date): Promise<StatusAt[]> {
    if (ids.length === 0) return [];
    return this.db.query<StatusAt>(SELECT_STATUSES_AT, { ids: [...ids], at: at.getTime() });
  }

  /** The statuses these services entered, by span of `spanMs` from `from` on. */
  async listStatusesBySpan(ids: readonly CapsuleServiceId[], from: Date, spanMs: number): Promise<SpanStatus[]> {
    if (ids.length === 0) return [];
    const text = `SELECT service_id, FLOOR((reported_at - :from) / ${spanMs}) AS span, status, MAX(reported_at) AS last_at
      FROM health_reports WHERE service_id IN (:...ids) AND reported_at >= :from GROUP BY 1, 2, 3`;
    const rows = await this.db.query<SpanRow>(text, { ids: [...ids], from: from.getTime() });
    return rows.map(({ service_id: serviceId, span, status, last_at: lastAt }) => ({
      serviceId,
      span: Number(span),
      status,
      lastAt: Number(lastAt),
    }));
  }

  /** The ids of at most `limit` transitions, oldest first, that a later one of the same service superseded before `at`. */
  async listSupersededBefore(at: Date, limit: number): Promise<HealthReportId[]> {
    const rows = await this.db.queryInWorker<{ readonly id: HealthReportId }>(SELECT_SUPERSEDED, {
      at: at.getTime(),
      limit,
    });
    return rows.map(({ id }) => id);
  }

  /** Deletes these transitions; returns how many it deleted. */
  delete(ids: readonly HealthReportId[], tx: Tx): Promise<number> {
    return tx.delete(HealthReportEntity, 'id IN (:...ids)', { ids: [...ids] });
  }
}
