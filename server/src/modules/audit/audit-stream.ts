import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEvent } from '#contracts';
import { Clock } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';

/** The process's own streams, by file descriptor: `process.stdout` writes to a pipe synchronously. */
const STANDARD_STREAMS: ReadonlyMap<string, number> = new Map([
  ['stdout', 1],
  ['stderr', 2],
]);
/** Limit of the buffer for a slow disk or reader; beyond it, lines are lost. */
const MAX_WAITING_BYTES = 4_000_000;
const RETRY_SECONDS = 1;
const CLOSE_WITHIN_MS = 1_000;

/**
 * Appends lines to a file, standard output or standard error. It never waits and never fails: lines that cannot be
 * written are lost, so a reader that stops reading cannot stop the server.
 */
export class LineWriter {
  readonly #logger = new Logger(LineWriter.name);
  #stream: WriteStream | null = null;
  #failedAt: Date | null = null;

  /** `target` is `stdout`, `stderr` or a file. */
  constructor(
    private readonly target: string,
    private readonly clock: Clock,
  ) {}

  /** Writes a line, or drops it while the target cannot keep up. */
  write(line: string): void {
    const stream = this.#stream ?? this.#open();
    if (stream && stream.writableLength <= MAX_WAITING_BYTES) stream.write(`${line}\n`);
  }

  /** Flushes buffered lines, but does not wait long. */
  async close(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    const giveUp = new AbortController();
    const written = finished(stream.end()).catch(() => undefined);
    await Promise.race([written, delay(CLOSE_WITHIN_MS, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    // Destroying a stream closes its file descriptor; standard output and error stay open for the rest of the process.
    if (!STANDARD_STREAMS.has(this.target)) stream.destroy();
  }

  #open(): WriteStream | null {
    if (this.#failedAt && this.#failedAt > this.clock.secondsFromNow(-RETRY_SECONDS)) return null;
    const fd = STANDARD_STREAMS.get(this.target);
    const stream =
      fd === undefined
        ? createWriteStream(this.target, { flags: 'a', mode: 0o600 })
        : createWriteStream('', { fd, autoClose: false });
    stream.on('error', (error) => {
      this.#fail(error);
    });
    // The last line may be incomplete.
    if (this.#failedAt) stream.write('\n');
    this.#stream = stream;
    return stream;
  }

  #fail(error: Error): void {
    // Logged once per outage, not every second.
    if (!this.#failedAt) this.#logger.warn(error, 'Audit events are missing from the audit stream.');
    this.#failedAt = this.clock.now();
    this.#stream = null;
  }
}

/**
 * Copies each event that this process records to a stream for another system, one JSON object per line. Every event gets
 * a number, written or not, so that gaps are visible.
 */
@Injectable()
export class AuditStream implements OnApplicationShutdown {
  readonly #writer: LineWriter | null;
  /** Numbers restart with each process. */
  readonly #run = randomUUID();
  #sequence = 0;

  constructor(config: AppConfig, clock: Clock) {
    this.#writer = config.auditStream === null ? null : new LineWriter(config.auditStream, clock);
  }

  /** Writes an event; call it after the commit. */
  write(event: () => AuditEvent): void {
    if (!this.#writer) return;
    this.#sequence += 1;
    this.#writer.write(JSON.stringify({ run: this.#run, sequence: this.#sequence, event: event() }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#writer?.close();
  }
}
