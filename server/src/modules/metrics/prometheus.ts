import { Counter, Histogram, Registry } from 'prom-client';
import type { MeasuredRequest, MetricsObserver } from '../../common/metrics/metrics.js';
import type { WriteObserver } from '../../database/write-load.js';

const FAST_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/**
 * What this process has counted since it started, for Prometheus. A label has few values, all known beforehand: never an
 * id, a name somebody chose or a path as it was asked for.
 */
export class Measurements implements MetricsObserver, WriteObserver {
  readonly registry = new Registry();
  readonly #registers = [this.registry];

  readonly commands = new Counter({
    name: 'opstage_commands_total',
    help: 'Commands by what became of them here: created, dispatched, returned, succeeded, failed, cancelled, expired.',
    labelNames: ['event'] as const,
    registers: this.#registers,
  });

  readonly #requestSeconds = new Histogram({
    name: 'opstage_http_request_duration_seconds',
    help: 'Requests by route, method and status, and how long they took. A parked poll takes as long as it waits.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: this.#registers,
  });

  readonly #dispatchSeconds = new Histogram({
    name: 'opstage_command_dispatch_seconds',
    help: 'From the creation of a command until its agent had claimed it.',
    buckets: FAST_SECONDS.concat(30, 60, 300),
    registers: this.#registers,
  });

  readonly #writeSeconds = new Histogram({
    name: 'opstage_database_write_seconds',
    help: 'From when a write was asked for until it was durable, waiting in the queue included.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #commitSeconds = new Histogram({
    name: 'opstage_database_commit_seconds',
    help: 'SQLite: one commit, of all writes that waited for it.',
    buckets: FAST_SECONDS,
    registers: this.#registers,
  });

  readonly #sweepSeconds = new Histogram({
    name: 'opstage_sweep_duration_seconds',
    help: 'Sweeps by job and result, and how long they took.',
    labelNames: ['job', 'result'] as const,
    buckets: LONG_SECONDS,
    registers: this.#registers,
  });

  onRequest({ route, method, status }: MeasuredRequest, seconds: number): void {
    this.#requestSeconds.observe({ route, method, status }, seconds);
  }

  onDispatch(seconds: number): void {
    this.#dispatchSeconds.observe(seconds);
  }

  onSweep(job: string, result: 'success' | 'failure', seconds: number): void {
    this.#sweepSeconds.observe({ job, result }, seconds);
  }

  onWrite(seconds: number): void {
    this.#writeSeconds.observe(seconds);
  }

  onCommit(seconds: number): void {
    this.#commitSeconds.observe(seconds);
  }
}
