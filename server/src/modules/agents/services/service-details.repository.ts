import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import type { CapsuleServiceId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { Tx } from '../../../database/tx.js';
import { HealthReportEntity } from './health/health-report.entity.js';
import { HistoryRange } from './health/health-reports.repository.js';
import { ServiceActionEntity } from './service-action.entity.js';
import { ServiceConfigEntity } from './service-config.entity.js';

/** Rows an update adds, changes and removes; everything else keeps its row and id. */
export interface RowChanges<R> {
  readonly added: readonly R[];
  readonly changed: readonly R[];
  readonly removed: readonly R[];
}

const MAX_HISTORY = 1_000;

/** What hangs on a service: its configs, actions and health transitions. */
@Injectable()
export class ServiceDetailsRepository {
  readonly #action: EntityColumns<ServiceActionEntity>;

  constructor(private readonly db: Database) {
    this.#action = db.columns(ServiceActionEntity, 'action');
  }

  configsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceConfigEntity[]> {
    return this.db.manager(tx).find(ServiceConfigEntity, { where: { serviceId }, order: { key: 'ASC' } });
  }

  actionsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceActionEntity[]> {
    return this.db
      .manager(tx)
      .find(ServiceActionEntity, { where: { serviceId }, order: { order: 'ASC', name: 'ASC' } });
  }

  async findAction(serviceId: CapsuleServiceId, name: string, tx?: Tx): Promise<ServiceActionEntity | null> {
    const text = `SELECT ${this.#action.select} FROM service_actions action WHERE service_id = :serviceId AND name = :name`;
    const [row] = await this.db.query<Record<string, unknown>>(text, { serviceId, name }, tx);
    return row ? this.#action.hydrate(row) : null;
  }

  applyConfigs(changes: RowChanges<ServiceConfigEntity>, tx: Tx): Promise<void> {
    return apply(ServiceConfigEntity, changes, tx);
  }

  applyActions(changes: RowChanges<ServiceActionEntity>, tx: Tx): Promise<void> {
    return apply(ServiceActionEntity, changes, tx);
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

const apply = async <R extends { readonly id: string }>(
  entity: new () => R,
  { added, changed, removed }: RowChanges<R>,
  tx: Tx,
): Promise<void> => {
  for (const row of added) await tx.insert(entity, row);
  for (const row of changed) await tx.update(entity, row, 'id = :id', { id: row.id });
  const ids = removed.map(({ id }) => id);
  if (ids.length > 0) await tx.manager.delete<ObjectLiteral>(entity, ids);
};
