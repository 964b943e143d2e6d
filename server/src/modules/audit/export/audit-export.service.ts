import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { AuditEvent, AuditExportFormat } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock, secondsAfter, toInstant } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import type { Position } from '../../../database/lists/keyset.js';
import type { AuditRecord } from '../audit-record.js';
import { type AuditFilter, AuditRepository, describeFilter } from '../audit.repository.js';
import { AuditService } from '../audit.service.js';
import { AuditChainService } from '../chain/audit-chain.service.js';
import { ChainReader } from '../chain/chain-reader.js';
import { csvHeader, csvRows } from './csv.js';
import { exportJsonl } from './jsonl.js';

/** Events read and written at a time, in about a millisecond. */
const SLICE = 100;
/** Between two slices, so other requests get as much time. */
const PAUSE_MS = 1;

/** An export that has begun. */
export interface AuditExport {
  readonly format: AuditExportFormat;
  /** The hash of the newest seal; null when nothing is sealed yet. */
  readonly root: string | null;
  /** The text of the file, in parts. */
  readonly text: AsyncIterable<string>;
}

/** Exports the audit in full, without holding it in memory. */
@Injectable()
export class AuditExportService {
  readonly #logger = new Logger(AuditExportService.name);

  constructor(
    private readonly db: Database,
    private readonly events: AuditRepository,
    private readonly audit: AuditService,
    private readonly chain: AuditChainService,
    private readonly reader: ChainReader,
    private readonly clock: Clock,
  ) {}

  /**
   * Audits the export, seals what is not sealed yet, and returns the export: CSV and JSON newest event first, JSON Lines in
   * sealed order. It includes its own event, and nothing that is recorded later.
   */
  async start(actor: UserActor, filter: AuditFilter, format: AuditExportFormat): Promise<AuditExport> {
    const described = describeFilter(filter);
    const record = {
      actor,
      action: 'audit.exported',
      target: { type: 'AuditEvent', id: null },
      message: `${actor.username} exported audit events as ${format.toUpperCase()}.`,
      metadata: { format, filter: described },
    } as const;
    await this.db.transaction((tx) => this.audit.record(tx, record));
    const now = this.clock.now();
    await this.chain.sealNew({ isUrgent: true });
    const end = await this.chain.end();
    const root = end.sequence === 0 ? null : end.hash;
    if (format === 'jsonl') {
      const header = { exportedAt: toInstant(now), filter: described };
      const text = exportJsonl(header, this.reader.parts(filter), end, this.chain.signer);
      return { format, root, text: this.#watched(text, record) };
    }
    const until = secondsAfter(now, 0.001);
    const bounded = { ...filter, to: filter.to && filter.to < until ? filter.to : until };
    const text = format === 'csv' ? this.#csv(bounded) : this.#json(bounded, root);
    return { format, root, text: this.#watched(text, record) };
  }

  /** Audits an export that breaks off, because the event at its start says that it was made. */
  async *#watched(text: AsyncIterable<string>, record: AuditRecord): AsyncGenerator<string> {
    try {
      yield* text;
    } catch (error) {
      await this.#recordFailure(record);
      throw error;
    }
  }

  async #recordFailure(record: AuditRecord): Promise<void> {
    const message = `${record.message.slice(0, -1)}, but the export broke off.`;
    try {
      await this.db.transaction((tx) => this.audit.record(tx, { ...record, result: 'FAILURE', message }));
    } catch (error) {
      this.#logger.error(error);
    }
  }

  async *#csv(filter: AuditFilter): AsyncGenerator<string> {
    yield csvHeader();
    for await (const events of this.#slices(filter)) yield csvRows(events);
  }

  /** The contract's envelope; the summary comes last, when the count is known. */
  async *#json(filter: AuditFilter, root: string | null): AsyncGenerator<string> {
    let count = 0;
    yield '{"success":true,"data":[';
    for await (const events of this.#slices(filter)) {
      yield (count === 0 ? '\n' : ',\n') + events.map((event) => JSON.stringify(event)).join(',\n');
      count += events.length;
    }
    yield `\n],"summary":${JSON.stringify({ count, root })}}\n`;
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

/** @throws Error for a time that cannot be read: the events after it could not be found */
const positionAfter = ({ id, createdAt }: AuditEvent): Position => {
  const at = new Date(createdAt);
  if (Number.isNaN(at.getTime())) throw new Error(`The time of audit event ${id} cannot be read.`);
  return { at, id };
};

const CONTENT_TYPE: Readonly<Record<AuditExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
};

/** Joins the head of a file to the part after it: if the first read fails, nothing has been sent and the response is an error. */
async function* withJoinedHead(text: AsyncIterable<string>): AsyncGenerator<string> {
  let head = '';
  let isHead = true;
  for await (const part of text) {
    if (isHead) head = part;
    else yield head + part;
    if (!isHead) head = '';
    isHead = false;
  }
  if (head !== '') yield head;
}

/** Returns the export as a file to download; its root is known before the first byte, and is a header. */
export const toDownload = (response: Response, { format, root, text }: AuditExport): StreamableFile => {
  if (root !== null) response.setHeader('X-Audit-Root', root);
  return new StreamableFile(Readable.from(withJoinedHead(text), { objectMode: false }), {
    type: CONTENT_TYPE[format],
    disposition: `attachment; filename="opstage-audit.${format}"`,
  });
};
