import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
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

  /** Whether it writes to a file, and not to a stream of the process. */
  get isFile(): boolean {
    return !STANDARD_STREAMS.has(this.target);
  }

  /** Goes on in a new file of the same name, after whoever rotates logs has moved this one away. */
  reopen(): void {
    const stream = this.#stream;
    this.#stream = null;
    // Whatever is buffered still goes to the file that was moved.
    stream?.end();
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
      this.#fail(error, stream);
    });
    // The last line may be incomplete.
    if (this.#failedAt) stream.write('\n');
    this.#stream = stream;
    return stream;
  }

  #fail(error: Error, stream: WriteStream): void {
    // Logged once per outage, not every second.
    if (!this.#failedAt) this.#logger.warn(error, 'Audit events are missing from the audit stream.');
    this.#failedAt = this.clock.now();
    if (this.#stream === stream) this.#stream = null;
  }
}

/**
 * Copies each event that this process records to a stream for another system, one JSON object per line. Every event gets
 * a number, written or not, so that gaps are visible.
 */
@Injectable()
export class AuditStream implements OnModuleInit, OnApplicationShutdown {
  readonly #writer: LineWriter | null;
  /** Numbers restart with each process. */
  readonly #run = randomUUID();
  #sequence = 0;
  readonly #reopen = (): void => this.#writer?.reopen();

  constructor(config: AppConfig, clock: Clock) {
    this.#writer = config.auditStream === null ? null : new LineWriter(config.auditStream, clock);
  }

  /** Writes an event; call it after the commit. */
  write(event: () => AuditEvent): void {
    if (!this.#writer) return;
    this.#sequence += 1;
    this.#writer.write(JSON.stringify({ run: this.#run, sequence: this.#sequence, event: event() }));
  }

  /** SIGHUP, by which log rotation says that it has moved a file, reopens it; without a file it ends the server as usual. */
  onModuleInit(): void {
    if (this.#writer?.isFile) process.on('SIGHUP', this.#reopen);
  }

  async onApplicationShutdown(): Promise<void> {
    process.off('SIGHUP', this.#reopen);
    await this.#writer?.close();
  }
}
