import { Injectable } from '@nestjs/common';
import type { ActionId, CapsuleServiceId, ConfigItemId } from '#contracts';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { isEmptyChange, rowChanges, type RowChanges } from './row-changes.js';
import type { ServiceActionEntity } from './service-action.entity.js';
import type { PartChanges } from './service-changes.js';
import type { ServiceConfigEntity } from './service-config.entity.js';
import { ServicePartsRepository } from './service-parts.repository.js';
import type { ActionContent, ConfigContent } from './service-report.js';

/** Applies the configs and actions of a report as a difference: what stayed the same keeps its row and id. */
@Injectable()
export class ServiceParts {
  constructor(
    private readonly parts: ServicePartsRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Returns what changed, or null. `contents` null: the report said nothing of configs. `known`: what there is, if that is known. */
  async applyConfigs(
    tx: Tx,
    serviceId: CapsuleServiceId,
    contents: readonly ConfigContent[] | null,
    known?: readonly ServiceConfigEntity[],
  ): Promise<PartChanges | null> {
    if (!contents) return null;
    const changes = rowChanges<ServiceConfigEntity, ConfigContent, ConfigItemId>({
      rows: known ?? (await this.parts.configsOf(serviceId, tx)),
      contents,
      keyOf: ({ key }) => key,
      contentOf: configContent,
      toRow: (content, id) => ({
        ...content,
        id: id ?? this.ids.make('cfg'),
        serviceId,
        updatedAt: this.clock.now(),
      }),
    });
    await this.parts.applyConfigs(changes, tx);
    return describeChanges(changes, ({ key }) => key);
  }

  /** Returns what changed, or null. `contents` null: the report said nothing of actions. `known`: what there is, if that is known. */
  async applyActions(
    tx: Tx,
    serviceId: CapsuleServiceId,
    contents: readonly ActionContent[] | null,
    known?: readonly ServiceActionEntity[],
  ): Promise<PartChanges | null> {
    if (!contents) return null;
    const changes = rowChanges<ServiceActionEntity, ActionContent, ActionId>({
      rows: known ?? (await this.parts.actionsOf(serviceId, tx)),
      contents,
      keyOf: ({ name }) => name,
      contentOf: actionContent,
      toRow: (content, id) => ({ ...content, id: id ?? this.ids.make('act'), serviceId }),
    });
    await this.parts.applyActions(changes, tx);
    return describeChanges(changes, ({ name }) => name);
  }
}

const configContent = ({ id, serviceId, updatedAt, ...content }: ServiceConfigEntity) => content;

const actionContent = ({ id, serviceId, ...content }: ServiceActionEntity) => content;

const describeChanges = <R>(changes: RowChanges<R>, nameOf: (row: R) => string): PartChanges | null =>
  isEmptyChange(changes)
    ? null
    : {
        added: changes.added.map(nameOf),
        changed: changes.changed.map(nameOf),
        removed: changes.removed.map(nameOf),
      };
