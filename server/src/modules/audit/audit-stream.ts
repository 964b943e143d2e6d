import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEvent } from '#contracts';
import { Clock } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';

const STDOUT_FD = 1;
/** What may wait for a slow disk or reader; past it, lines are lost. */
const MAX_WAITING_BYTES = 4_000_000;
const RETRY_SECONDS = 1;
const CLOSE_WITHIN_MS = 1_000;

/**
 * Appends lines to a file or to standard output, without waiting and without fail: what cannot be written is lost. Goes
 * by the file descriptor, because `process.stdout` writes to a pipe synchronously, and nobody may stop the server by not
 * reading.
 */
export class LineWriter {
  readonly #logger = new Logger(LineWriter.name);
  #stream: WriteStream | null = null;
  #failedAt: Date | null = null;

  /** `target` is `stdout` or a file. */
  constructor(
    private readonly target: string,
    private readonly clock: Clock,
  ) {}

  write(line: string): void {
    const stream = this.#stream ?? this.#open();
    if (stream && stream.writableLength <= MAX_WAITING_BYTES) stream.write(`${line}\n`);
  }

  /** Writes what waits, if that does not take long. */
  async close(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    const giveUp = new AbortController();
    const written = finished(stream.end()).catch(() => undefined);
    await Promise.race([written, delay(CLOSE_WITHIN_MS, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    stream.destroy();
  }

  #open(): WriteStream | null {
    if (this.#failedAt && this.#failedAt > this.clock.secondsFromNow(-RETRY_SECONDS)) return null;
    const stream =
      this.target === 'stdout'
        ? createWriteStream('', { fd: STDOUT_FD, autoClose: false })
        : createWriteStream(this.target, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => {
      this.#fail(error);
    });
    // The last line may have been written in part.
    if (this.#failedAt) stream.write('\n');
    this.#stream = stream;
    return stream;
  }

  #fail(error: Error): void {
    // Said once, and not for every second that it lasts.
    if (!this.#failedAt) this.#logger.warn(error, 'Audit events are missing in their copy.');
    this.#failedAt = this.clock.now();
    this.#stream = null;
  }
}

/**
 * Copies each event that this process wrote to where another system reads it, one JSON object a line. Every event takes
 * a number, written or not, so that gaps show.
 */
@Injectable()
export class AuditStream implements OnApplicationShutdown {
  readonly #sink: LineWriter | null;
  /** The numbers begin anew with each process. */
  readonly #run = randomUUID();
  #sequence = 0;

  constructor(config: AppConfig, clock: Clock) {
    this.#sink = config.auditStream === null ? null : new LineWriter(config.auditStream, clock);
  }

  /** To be called after the commit. */
  write(event: () => AuditEvent): void {
    if (!this.#sink) return;
    this.#sequence += 1;
    this.#sink.write(JSON.stringify({ run: this.#run, sequence: this.#sequence, event: event() }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#sink?.close();
  }
}
