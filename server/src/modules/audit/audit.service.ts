import { Injectable } from '@nestjs/common';
import type { AuditEvent, AuditEventId } from '#contracts';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Ids } from '../../common/ids.js';
import { redactObject, redactText } from '../../common/redaction.js';
import { type PageResult, parseSort, toPage } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { AuditEventEntity } from './audit-event.entity.js';
import { toAuditEvent } from './audit-event.mapper.js';
import { actorColumns, type AuditRecord, changesOf } from './audit-record.js';
import { AuditStream } from './audit-stream.js';
import { AuditRepository } from './audit.repository.js';
import type { ListAuditEventsQuery } from './dto/audit.dto.js';

const SORT_FIELDS = { createdAt: 'createdAt', action: 'action' } as const;
const MAX_MESSAGE_LENGTH = 1_000;

/** Records audit events, and reads them back. */
@Injectable()
export class AuditService {
  constructor(
    private readonly events: AuditRepository,
    private readonly changes: ChangeFeed,
    private readonly stream: AuditStream,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Records an event in the transaction of the change itself, so both are kept or neither. Change subscribers are
   * notified after the commit.
   * @throws Error when the database does not keep the event, which fails the change too
   */
  async record(tx: Tx, record: AuditRecord): Promise<void> {
    await this.append(tx, record);
  }

  /** {@link record} that returns the id of the event. */
  async append(tx: Tx, record: AuditRecord): Promise<AuditEventId> {
    const event: AuditEventEntity = {
      id: this.ids.make('aud'),
      ...actorColumns(record.actor),
      action: record.action,
      targetType: record.target.type,
      targetId: record.target.id,
      result: record.result ?? 'SUCCESS',
      message: redactText(record.message).slice(0, MAX_MESSAGE_LENGTH),
      metadata: redactObject(record.metadata ?? {}),
      createdAt: this.clock.now(),
      sealSequence: null,
    };
    for (const change of changesOf(record, event.id)) this.changes.publish(tx, change);
    tx.afterCommit(() => {
      this.stream.write(() => toAuditEvent(event));
    });
    await this.events.insert(event, tx);
    return event.id;
  }

  /** Lists events, newest first. */
  async list(query: ListAuditEventsQuery): Promise<PageResult<AuditEvent>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'createdAt', direction: 'DESC' }]);
    const found = await this.events.list(query, { ...query, sort });
    return toPage(query, found, toAuditEvent);
  }

  /** @throws AUDIT_EVENT_NOT_FOUND */
  async getById(id: AuditEventId): Promise<AuditEvent> {
    const event = await this.events.findById(id);
    if (!event) throw new DomainError('AUDIT_EVENT_NOT_FOUND', `There is no audit event ${id}.`);
    return toAuditEvent(event);
  }

  /** The `limit` newest events. */
  async newest(limit: number): Promise<AuditEvent[]> {
    return (await this.events.newest(limit)).map(toAuditEvent);
  }

  /** How many events there are. */
  count(): Promise<number> {
    return this.events.count();
  }
}
