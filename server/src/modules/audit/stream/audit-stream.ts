import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEvent } from '#contracts';
import { Clock } from '../../../common/time/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { LineSink } from './line-sink.js';

/**
 * Copies each event that this process wrote to where another system reads it, one JSON object a line. Every event takes
 * a number, written or not, so that gaps show.
 */
@Injectable()
export class AuditStream implements OnApplicationShutdown {
  readonly #sink: LineSink | null;
  /** The numbers begin anew with each process. */
  readonly #run = randomUUID();
  #sequence = 0;

  constructor(config: AppConfig, clock: Clock) {
    this.#sink = config.auditStream === null ? null : new LineSink(config.auditStream, clock);
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
