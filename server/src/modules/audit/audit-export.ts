import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { AuditEvent, AuditExportFormat } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import type { Position } from '../../database/keyset.js';
import { describeFilter, type AuditFilter } from './audit-filter.js';
import { toAuditEvent } from './audit.mapper.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

const SLICE = 500;

const COLUMNS = [
  'id',
  'createdAt',
  'actorType',
  'actorId',
  'actorName',
  'action',
  'targetType',
  'targetId',
  'result',
  'message',
  'ipAddress',
  'userAgent',
  'metadata',
] as const satisfies readonly (keyof AuditEvent)[];

/**
 * RFC 4180, in which a line end of any kind needs quotes; a cell that a spreadsheet would run as a formula is made inert
 * by a leading apostrophe.
 */
const csv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/, escape_formulas: true },
  );

const csvRow = (event: AuditEvent): string[] =>
  COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : (event[column] ?? '')));

/** Exports the audit without a cap and without holding it in memory. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly db: Database,
    private readonly events: AuditRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Audits the export and returns its text in parts, newest event first, the export's own among them. What is written
   * meanwhile is not in it.
   */
  async start(actor: UserActor, filter: AuditFilter, format: AuditExportFormat): Promise<AsyncIterable<string>> {
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'audit.exported',
        target: { type: 'AuditEvent', id: null },
        message: `${actor.username} exported audit events as ${format.toUpperCase()}.`,
        metadata: { format, filter: describeFilter(filter) },
      }),
    );
    const until = this.clock.secondsFromNow(0.001);
    const bounded = { ...filter, to: filter.to && filter.to < until ? filter.to : until };
    return format === 'csv' ? this.#csv(bounded) : this.#json(bounded);
  }

  async *#csv(filter: AuditFilter): AsyncGenerator<string> {
    yield csv([[...COLUMNS]]);
    for await (const events of this.#slices(filter)) yield csv(events.map(csvRow));
  }

  async *#json(filter: AuditFilter): AsyncGenerator<string> {
    let separator = '[\n';
    for await (const events of this.#slices(filter)) {
      yield separator + events.map((event) => JSON.stringify(event)).join(',\n');
      separator = ',\n';
    }
    yield separator === '[\n' ? '[]\n' : '\n]\n';
  }

  async *#slices(filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
    let position: Position | null = null;
    for (;;) {
      const slice = await this.events.slice(filter, position, SLICE);
      const last = slice.at(-1);
      if (!last) return;
      yield slice.map(toAuditEvent);
      position = { at: last.createdAt, id: last.id };
      // Heartbeats and polls get their turn between two slices.
      await nextTurn();
    }
  }
}
