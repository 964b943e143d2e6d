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

/** Leading characters that some spreadsheets skip before they check for a formula. */
const SKIPPED = /^[\0\n]/;

const inert = (cell: string): string => (SKIPPED.test(cell) ? `'${cell}` : cell);

/**
 * CSV by RFC 4180, with quotes around cells that contain any line end. A leading apostrophe keeps spreadsheets from
 * running a cell as a formula.
 */
const csv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(inert)),
    { record_delimiter: '\r\n', quoted_match: /[\r\n\0]/, escape_formulas: true },
  );

/** The header row. */
export const csvHeader = (): string => csv([COLUMNS]);

/** One row per event. */
export const csvRows = (events: readonly AuditEvent[]): string =>
  csv(
    events.map((event) =>
      COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : (event[column] ?? ''))),
    ),
  );
