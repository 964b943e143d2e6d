import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { ServiceActionEntity } from './service-action.entity.js';
import { ServiceConfigEntity } from './service-config.entity.js';

/** The rows that an update adds, changes and removes; all others keep their id. */
export interface RowChanges<R> {
  readonly added: readonly R[];
  readonly changed: readonly R[];
  readonly removed: readonly R[];
}

/** Reads and writes the configs and actions of services. */
@Injectable()
export class ServiceDetailsRepository {
  constructor(private readonly db: Database) {}

  /** The configs of a service, by key. */
  configsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceConfigEntity[]> {
    return this.db.find(ServiceConfigEntity, 'service_id = :serviceId ORDER BY key', { serviceId }, tx);
  }

  /** The actions of a service, in their declared order. */
  actionsOf(serviceId: CapsuleServiceId, tx?: Tx): Promise<ServiceActionEntity[]> {
    return this.db.find(ServiceActionEntity, 'service_id = :serviceId ORDER BY sort_order, name', { serviceId }, tx);
  }

  findAction(serviceId: CapsuleServiceId, name: string, tx?: Tx): Promise<ServiceActionEntity | null> {
    return this.db.findOne(ServiceActionEntity, 'service_id = :serviceId AND name = :name', { serviceId, name }, tx);
  }

  applyConfigs(changes: RowChanges<ServiceConfigEntity>, tx: Tx): Promise<void> {
    return apply(ServiceConfigEntity, changes, tx);
  }

  applyActions(changes: RowChanges<ServiceActionEntity>, tx: Tx): Promise<void> {
    return apply(ServiceActionEntity, changes, tx);
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
  if (ids.length > 0) await tx.delete(entity, 'id IN (:...ids)', { ids });
};
