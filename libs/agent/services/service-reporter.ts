import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import { Loop } from '../base/loop.js';
import type { Cadence } from '../connection/cadence.js';
import type { Presence } from '../connection/presence.js';
import { Recovery } from '../connection/recovery.js';
import type { WireClient } from '../connection/wire-client.js';
import type { ServiceRegistry } from './service-registry.js';

export interface ServiceReporterOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly registry: ServiceRegistry;
  readonly cadence: Cadence;
  readonly log: AgentLog;
}

/** Sends the full report: when the agent comes online, when something changed, and at intervals. */
export class ServiceReporter {
  private readonly loop: Loop;
  private readonly recovery: Recovery;
  private lastReport: string | null = null;
  /** Monotonic clock, in milliseconds. */
  private dueAt = 0;
  private rejected = '';

  constructor(private readonly options: ServiceReporterOptions) {
    this.recovery = new Recovery('Reporting the services', options.cadence, options.log);
    this.loop = new Loop(
      (stopping) => this.step(stopping),
      (error) => this.failed(error),
    );
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Reports now if something changed. */
  reportIfChanged(): void {
    this.loop.wake();
  }

  /** Reports now, changed or not. */
  reportNow(): void {
    this.dueAt = 0;
    this.loop.wake();
  }

  private async step(stopping: AbortSignal): Promise<number> {
    const { presence, registry, cadence } = this.options;
    await presence.online.whenOpen(stopping);
    if (stopping.aborted) return 0;
    const services = await registry.describe();
    const report = JSON.stringify(services);
    if (report !== this.lastReport || performance.now() >= this.dueAt) await this.send(services, report);
    return jittered(Math.min(cadence.reportSeconds, cadence.heartbeatSeconds));
  }

  private async send(services: Awaited<ReturnType<ServiceRegistry['describe']>>, report: string): Promise<void> {
    const { wire, registry, cadence } = this.options;
    const health = new Map((await registry.checkHealth()).map((result) => [result.code, result.health]));
    // Set before the call, so that a `reportNow` during the call is not overwritten.
    this.dueAt = performance.now() + cadence.reportSeconds * 1000;
    const answer = await wire.reportServices({
      services: services.map((service) => ({ ...service, health: health.get(service.code) })),
      complete: true,
    });
    this.lastReport = report;
    this.recovery.succeeded();
    this.warnAboutRejected(registry.applyReportAnswer(answer));
  }

  private warnAboutRejected(codes: readonly string[]): void {
    const rejected = codes.join(', ');
    if (rejected !== '' && rejected !== this.rejected)
      this.options.log.warn(
        'Some services belong to another live agent. Choose other codes, or have an operator move them to this agent.',
        { services: rejected },
      );
    this.rejected = rejected;
  }

  private failed(error: unknown): number {
    this.dueAt = 0;
    if (!this.options.presence.checkAfter(error)) this.recovery.report(error);
    return this.recovery.secondsAfter(error);
  }
}
