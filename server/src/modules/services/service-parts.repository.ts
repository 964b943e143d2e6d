import { Injectable } from '@nestjs/common';
import type { ActionId, CapsuleServiceId, ConfigItemId } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { HealthReportEntity } from './health-report.entity.js';
import { ServiceActionEntity } from './service-action.entity.js';
import { ServiceConfigEntity } from './service-config.entity.js';

/** Rows an update adds, changes and removes; everything else keeps its row and id. */
export interface RowChanges<R, I> {
  readonly added: readonly R[];
  readonly changed: readonly R[];
  readonly removed: readonly I[];
}

interface HistoryRange {
  readonly from?: Date;
  readonly to?: Date;
}

const MAX_HISTORY = 1_000;

/** What hangs on a service: its configs, actions and health transitions. */
@Injectable()
export class ServicePartsRepository {
  constructor(private readonly db: Database) {}

  configsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceConfigEntity[]> {
    return this.db.manager(tx).find(ServiceConfigEntity, { where: { serviceId }, order: { key: 'ASC' } });
  }

  actionsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceActionEntity[]> {
    return this.db
      .manager(tx)
      .find(ServiceActionEntity, { where: { serviceId }, order: { order: 'ASC', name: 'ASC' } });
  }

  findAction(serviceId: CapsuleServiceId, name: string, tx?: Tx): Promise<ServiceActionEntity | null> {
    return this.db.manager(tx).findOneBy(ServiceActionEntity, { serviceId, name });
  }

  async applyConfigs(changes: RowChanges<ServiceConfigEntity, ConfigItemId>, tx: Tx): Promise<void> {
    for (const row of changes.added) await tx.insert(ServiceConfigEntity, row);
    for (const row of changes.changed) await tx.update(ServiceConfigEntity, row, 'id = :id', { id: row.id });
    if (changes.removed.length > 0) await tx.manager.delete(ServiceConfigEntity, [...changes.removed]);
  }

  async applyActions(changes: RowChanges<ServiceActionEntity, ActionId>, tx: Tx): Promise<void> {
    for (const row of changes.added) await tx.insert(ServiceActionEntity, row);
    for (const row of changes.changed) await tx.update(ServiceActionEntity, row, 'id = :id', { id: row.id });
    if (changes.removed.length > 0) await tx.manager.delete(ServiceActionEntity, [...changes.removed]);
  }

  async insertHealth(report: HealthReportEntity, tx: Tx): Promise<void> {
    await tx.insert(HealthReportEntity, report);
  }

  latestHealth(serviceId: CapsuleServiceId): Promise<HealthReportEntity | null> {
    return this.db.manager().findOne(HealthReportEntity, {
      where: { serviceId },
      order: { reportedAt: 'DESC', id: 'DESC' },
    });
  }

  /** Transitions, newest first, 1,000 at most; `from` is included, `to` is not. */
  healthHistory(serviceId: CapsuleServiceId, range: HistoryRange): Promise<HealthReportEntity[]> {
    const query = this.db
      .manager()
      .createQueryBuilder(HealthReportEntity, 'report')
      .where('report.service_id = :serviceId', { serviceId });
    if (range.from) query.andWhere('report.reported_at >= :from', { from: range.from.getTime() });
    if (range.to) query.andWhere('report.reported_at < :to', { to: range.to.getTime() });
    return query.orderBy('report.reportedAt', 'DESC').addOrderBy('report.id', 'DESC').limit(MAX_HISTORY).getMany();
  }
}
