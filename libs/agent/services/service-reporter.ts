import type { Health, RejectedService } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import { isForeign } from '../base/errors.js';
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
  private rejected = '[]';
  private isWordless = false;

  constructor(private readonly options: ServiceReporterOptions) {
    this.recovery = new Recovery('Reporting the services', options.cadence, options.log);
    this.loop = new Loop(
      (stopping) => this.step(stopping),
      (error, stopping) => this.failed(error, stopping),
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
      services: services.map((service) => ({ ...service, health: this.sendable(health.get(service.code)) })),
      complete: true,
    });
    this.lastReport = report;
    if (this.recovery.succeeded() && this.isWordless)
      this.options.log.warn('The services were reported without what their health says: something refuses it.');
    this.isWordless = false;
    this.warnAboutRejected(registry.applyReportAnswer(answer));
  }

  private sendable(health: Health | undefined): Health | undefined {
    return this.isWordless && health ? { status: health.status } : health;
  }

  private warnAboutRejected(services: readonly RejectedService[]): void {
    const rejected = JSON.stringify(services);
    if (rejected === this.rejected) return;
    this.rejected = rejected;
    const { log } = this.options;
    const taken = services
      .filter(({ error }) => (error as string) === 'CAPSULE_SERVICE_CODE_TAKEN')
      .map(({ code }) => code);
    if (taken.length > 0)
      log.warn(
        'Some services belong to another live agent. Choose other codes, or have an operator move them to this agent.',
        { services: taken.join(', ') },
      );
    for (const { code, error } of services)
      if (!taken.includes(code)) log.warn('The server did not accept a service.', { service: code, code: error });
  }

  private async failed(error: unknown, stopping: AbortSignal): Promise<number> {
    this.dueAt = 0;
    if (!(await this.options.presence.isOfflineAfter(error, stopping))) {
      this.recovery.report(error);
      // A firewall may refuse a report for what its health says.
      this.isWordless = isForeign(error);
    }
    return this.recovery.secondsAfter(error);
  }
}
