import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { CapsuleServiceId } from '#contracts';
import { SYSTEM } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { WriteBehind } from '../../../common/memory/write-behind.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SilenceThresholds } from '../liveness/silence-thresholds.js';
import type { ServiceWithStatus } from './capsule-service.mapper.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';

const BATCH = 200;

/**
 * Records when services last reported, and notes those that went stale. The times of reports that changed nothing are
 * kept in memory and written once a second for all services.
 */
@Injectable()
export class ServiceFreshness implements BeforeApplicationShutdown, OnApplicationBootstrap {
  readonly #logger = new Logger(ServiceFreshness.name);
  readonly #reported: WriteBehind<CapsuleServiceId>;

  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly thresholds: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.#reported = new WriteBehind(
      (instants) => services.saveLastReported(instants, clock.now()),
      (error) => {
        this.#logger.error(error);
      },
    );
  }

  /** As for agents: a clock that was ahead must not keep a service fresh. */
  async onApplicationBootstrap(): Promise<void> {
    await this.db.transaction((tx) => this.services.bringBackLastReported(this.clock.now(), tx));
  }

  /** Records the time of a report that changed nothing else about these services. */
  async record(ids: readonly CapsuleServiceId[]): Promise<void> {
    const now = this.clock.now().getTime();
    const cutoff = this.thresholds.reportCutoff().getTime();
    // A service was shown as stale until now: that is a visible change, so it is written at once.
    const isBack = ids.map((id) => this.#reported.record(id, now)).some((before) => before === null || before < cutoff);
    if (isBack) await this.flush();
  }

  /**
   * Audits one bounded batch of services that have gone stale, once until they report again; returns how many. After a
   * start, a pause or a jump of the clock it waits a full threshold first.
   */
  @MaintenanceJob({ id: 'services', phase: 'silence', description: 'Records services that have gone stale.' })
  async markStale(): Promise<number> {
    await this.flush();
    if (!this.thresholds.hasListenedLongEnough()) return 0;
    return this.db.transaction(async (tx) => {
      await this.services.bringBackLastReported(this.clock.now(), tx);
      const stale = await this.services.listNewlyStale(BATCH, tx);
      for (const one of stale) {
        if (await this.services.markStale(one.service, this.clock.now(), tx)) await this.#auditStale(tx, one);
      }
      return stale.length;
    });
  }

  /** Writes what is in memory; resolves when it is durable. Call it before judging who is stale. */
  flush(): Promise<void> {
    return this.#reported.flush();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#logger.error(error);
    });
  }

  #auditStale(tx: Tx, { service, agent }: ServiceWithStatus): Promise<void> {
    const { id, code, lastReportedAt } = service;
    return this.audit.record(tx, {
      actor: SYSTEM,
      action: 'system.service.stale',
      target: { type: 'CapsuleService', id },
      related: { agentId: agent.id },
      message: `Service ${code} has not reported for too long.`,
      metadata: { code, agentId: agent.id, lastReportedAt: lastReportedAt.toISOString() },
    });
  }
}
