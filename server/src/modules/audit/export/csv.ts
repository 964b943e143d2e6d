import { stringify } from 'csv-stringify/sync';
import type { AuditEvent } from '#contracts';

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

/** What some spreadsheets skip before they look whether a cell is a formula. */
const SKIPPED = /^[\0\n]/;

const inert = (cell: string): string => (SKIPPED.test(cell) ? `'${cell}` : cell);

/**
 * RFC 4180, in which a line end of any kind needs quotes; a cell that a spreadsheet would run as a formula is made inert
 * by a leading apostrophe.
 */
const csv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(inert)),
    { record_delimiter: '\r\n', quoted_match: /[\r\n\0]/, escape_formulas: true },
  );

export const csvHeader = (): string => csv([COLUMNS]);

/** A row for each event. */
export const csvRows = (events: readonly AuditEvent[]): string =>
  csv(
    events.map((event) =>
      COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : (event[column] ?? ''))),
    ),
  );
