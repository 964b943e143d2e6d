import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { AuditExportFormat } from '#contracts';
import { withTrailers } from '../../../common/http/trailers.js';
import type { AuditExportText } from '../audit-export.js';

const CONTENT_TYPE: Readonly<Record<AuditExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
};

const COUNT = 'X-Audit-Event-Count';
const ROOT = 'X-Audit-Root';

/** The export as a file to keep; its count and the root of the chain are known, and sent, when it ends. */
export const toDownload = (response: Response, format: AuditExportFormat, text: AuditExportText): StreamableFile =>
  new StreamableFile(Readable.from(withTrailers(response, [COUNT, ROOT], trailersOf(text)), { objectMode: false }), {
    type: CONTENT_TYPE[format],
    disposition: `attachment; filename="opstage-audit.${format}"`,
  });

async function* trailersOf(text: AuditExportText): AsyncGenerator<string, Record<typeof COUNT | typeof ROOT, string>> {
  const { count, root } = yield* text;
  return { [COUNT]: String(count), [ROOT]: root ?? '' };
}
