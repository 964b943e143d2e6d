import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { AuditEvent, AuditExportFormat } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock, secondsAfter, toInstant } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import type { Position } from '../../../database/lists/keyset.js';
import { withTrailers } from '../../../http/trailers.js';
import { type AuditFilter, AuditRepository, describeFilter } from '../audit.repository.js';
import { AuditService } from '../audit.service.js';
import { AuditChain } from '../chain/audit-chain.service.js';
import { ChainReader } from '../chain/chain-reader.js';
import type { ChainEnd } from '../chain/seal.js';
import { csvHeader, csvRows } from './csv.js';
import { exportJsonl, type ExportSummary } from './jsonl.js';

/** Read and written at once: about a millisecond. */
const SLICE = 100;
/** Between two slices: as long again is everybody else's. */
const PAUSE_MS = 1;

/** The text of an export in parts; at its end, what it has. */
export type AuditExportText = AsyncGenerator<string, ExportSummary>;

/** Exports the audit without a cap and without holding it in memory. */
@Injectable()
export class AuditExportService {
  constructor(
    private readonly db: Database,
    private readonly events: AuditRepository,
    private readonly audit: AuditService,
    private readonly chain: AuditChain,
    private readonly reader: ChainReader,
    private readonly clock: Clock,
  ) {}

  /**
   * Audits the export, seals what there is, and returns its text: CSV and JSON newest event first, JSON Lines as sealed.
   * The export's own event is in it; what is written meanwhile is not.
   */
  async start(actor: UserActor, filter: AuditFilter, format: AuditExportFormat): Promise<AuditExportText> {
    const described = describeFilter(filter);
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'audit.exported',
        target: { type: 'AuditEvent', id: null },
        message: `${actor.username} exported audit events as ${format.toUpperCase()}.`,
        metadata: { format, filter: described },
      }),
    );
    const now = this.clock.now();
    await this.chain.sealNew({ isInHurry: true });
    const end = await this.chain.end();
    if (format === 'jsonl') {
      const header = { exportedAt: toInstant(now), filter: described };
      return exportJsonl(header, this.reader.parts(filter), end, this.chain.signer);
    }
    const until = secondsAfter(now, 0.001);
    const bounded = { ...filter, to: filter.to && filter.to < until ? filter.to : until };
    return format === 'csv' ? this.#csv(bounded, end) : this.#json(bounded, end);
  }

  async *#csv(filter: AuditFilter, end: ChainEnd): AuditExportText {
    let count = 0;
    yield csvHeader();
    for await (const events of this.#slices(filter)) {
      yield csvRows(events);
      count += events.length;
    }
    return summaryOf(count, end);
  }

  async *#json(filter: AuditFilter, end: ChainEnd): AuditExportText {
    let count = 0;
    for await (const events of this.#slices(filter)) {
      yield (count === 0 ? '[\n' : ',\n') + events.map((event) => JSON.stringify(event)).join(',\n');
      count += events.length;
    }
    yield count === 0 ? '[]\n' : '\n]\n';
    return summaryOf(count, end);
  }

  async *#slices(filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
    const sliceAfter = this.events.storedSlices(filter, SLICE);
    let position: Position | null = null;
    for (;;) {
      const events = await sliceAfter(position);
      const last = events.at(-1);
      if (!last) return;
      yield events;
      position = positionAfter(last);
      await pause(PAUSE_MS);
    }
  }
}

/** @throws Error where the database holds no time: what comes after it could not be found */
const positionAfter = ({ id, createdAt }: AuditEvent): Position => {
  const at = new Date(createdAt);
  if (Number.isNaN(at.getTime())) throw new Error(`When audit event ${id} was cannot be read.`);
  return { at, id };
};

const summaryOf = (count: number, { sequence, hash }: ChainEnd): ExportSummary => ({
  count,
  root: sequence === 0 ? null : hash,
});

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
