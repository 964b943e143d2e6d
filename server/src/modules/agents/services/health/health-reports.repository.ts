import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, HealthReportId, HealthStatus } from '#contracts';
import { Database } from '../../../../database/database.js';
import type { Tx } from '../../../../database/tx.js';
import { CapsuleServiceEntity } from '../capsule-service.entity.js';
import { HealthReportEntity } from './health-report.entity.js';

/** A status a service had in a span of time, and when it last began in it. */
export interface SpanStatus {
  readonly serviceId: CapsuleServiceId;
  /** Counted from the start of the range. */
  readonly span: number;
  readonly status: HealthStatus;
  readonly lastAt: number;
}

const FOLLOWED = `EXISTS (SELECT 1 FROM health_reports later WHERE later.service_id = report.service_id
  AND later.reported_at < :at AND (later.reported_at > report.reported_at
    OR (later.reported_at = report.reported_at AND later.id > report.id)))`;

/** What services said of their health, for many at once: a bounded answer however often they changed. */
@Injectable()
export class HealthReportsRepository {
  constructor(private readonly db: Database) {}

  /** The last report before an instant. */
  findBefore(serviceId: CapsuleServiceId, at: Date): Promise<HealthReportEntity | null> {
    return this.db
      .manager()
      .createQueryBuilder(HealthReportEntity, 'report')
      .where('report.service_id = :serviceId AND report.reported_at < :at', { serviceId, at: at.getTime() })
      .orderBy('report.reportedAt', 'DESC')
      .addOrderBy('report.id', 'DESC')
      .limit(1)
      .getOne();
  }

  /** What each said at an instant; a service that had said nothing has null. */
  async statusesAt(
    ids: readonly CapsuleServiceId[],
    at: Date,
  ): Promise<{ id: CapsuleServiceId; status: HealthStatus | null }[]> {
    if (ids.length === 0) return [];
    return this.#services(ids)
      .addSelect(
        `(SELECT r.status FROM health_reports r WHERE r.service_id = service.id AND r.reported_at < :at
          ORDER BY r.reported_at DESC, r.id DESC LIMIT 1)`,
        'status',
      )
      .setParameters({ at: at.getTime() })
      .getRawMany<{ id: CapsuleServiceId; status: HealthStatus | null }>();
  }

  /** Which statuses began in which span of `spanMs` from `from` on. */
  async statusesBySpan(ids: readonly CapsuleServiceId[], from: Date, spanMs: number): Promise<SpanStatus[]> {
    if (ids.length === 0) return [];
    const rows = await this.db
      .manager()
      .createQueryBuilder(HealthReportEntity, 'report')
      .select('report.service_id', 'serviceId')
      .addSelect(`FLOOR((report.reported_at - :from) / ${spanMs})`, 'span')
      .addSelect('report.status', 'status')
      .addSelect('MAX(report.reported_at)', 'lastAt')
      .where('report.service_id IN (:...ids) AND report.reported_at >= :from', {
        ids: [...ids],
        from: from.getTime(),
      })
      .groupBy('1')
      .addGroupBy('2')
      .addGroupBy('3')
      .getRawMany<Record<keyof SpanStatus, string | number>>();
    return rows.map(({ serviceId, span, status, lastAt }) => ({
      serviceId: serviceId as CapsuleServiceId,
      span: Number(span),
      status: status as HealthStatus,
      lastAt: Number(lastAt),
    }));
  }

  /** At most `limit` reports that another of the same service followed before an instant, oldest first. */
  async listSupersededBefore(at: Date, limit: number): Promise<HealthReportId[]> {
    const query = this.db
      .select(HealthReportEntity, 'report')
      .select('report.id', 'id')
      .where('report.reported_at < :at', { at: at.getTime() })
      .andWhere(FOLLOWED)
      .orderBy('report.reported_at')
      .limit(limit);
    const rows = await this.db.queryInWorker<{ readonly id: HealthReportId }>(query.getQuery(), query.getParameters());
    return rows.map(({ id }) => id);
  }

  /** Deletes these reports; returns how many there were. */
  delete(ids: readonly HealthReportId[], tx: Tx): Promise<number> {
    return tx.delete(HealthReportEntity, 'id IN (:...ids)', { ids: [...ids] });
  }

  #services(ids: readonly CapsuleServiceId[]) {
    return this.db
      .manager()
      .createQueryBuilder(CapsuleServiceEntity, 'service')
      .select('service.id', 'id')
      .where('service.id IN (:...ids)', { ids: [...ids] });
  }
}

export interface HistoryRange {
  readonly from?: Date;
  readonly to?: Date;
}
