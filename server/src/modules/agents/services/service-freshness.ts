import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { CapsuleServiceId } from '#contracts';
import { SYSTEM } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { WriteBehind } from '../../../common/memory/write-behind.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { SilenceThresholds, StatusCutoffs } from '../liveness/silence-thresholds.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';

/** Notes that services said again what is known of them. When is kept in memory and written once a second for all. */
@Injectable()
export class ServiceFreshness implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ServiceFreshness.name);
  readonly #reported: WriteBehind<CapsuleServiceId>;

  constructor(
    services: CapsuleServicesRepository,
    private readonly cutoffs: StatusCutoffs,
    private readonly clock: Clock,
  ) {
    this.#reported = new WriteBehind(
      (instants) => services.noteReported(instants),
      (error) => {
        this.#logger.error(error);
      },
    );
  }

  async record(ids: readonly CapsuleServiceId[]): Promise<void> {
    const now = this.clock.now().getTime();
    const { reportCutoff } = this.cutoffs.parameters();
    // Back from a silence that shows: that is a change, and written at once.
    const isBack = ids
      .map((id) => this.#reported.record(id, now))
      .some((before) => before === null || before < reportCutoff);
    if (isBack) await this.flush();
  }

  /** Writes what is in memory; resolves when it is durable. Whoever judges silence calls it first. */
  flush(): Promise<void> {
    return this.#reported.flush();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#logger.error(error);
    });
  }
}

const BATCH = 200;

/** Audits services that have gone stale, once until they report again. */
@Injectable()
export class StaleServices {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly freshness: ServiceFreshness,
    private readonly threshold: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** One bounded batch; returns how many. Call again while it is not 0. Waits after the server's own downtime. */
  @MaintenanceJob({ id: 'services', phase: 'silence', description: 'Records services that have gone stale.' })
  async markStale(): Promise<number> {
    if (!this.threshold.hasListenedLongEnough()) return 0;
    await this.freshness.flush();
    return this.db.transaction(async (tx) => {
      const stale = await this.services.listNewlyStale(BATCH, tx);
      for (const { service, agent } of stale) {
        if (!(await this.services.noteStale(service, this.clock.now(), tx))) continue;
        await this.audit.record(tx, {
          actor: SYSTEM,
          action: 'system.service.stale',
          target: { type: 'CapsuleService', id: service.id },
          related: { agentId: agent.id },
          message: `Service ${service.code} has not reported for too long.`,
          metadata: { code: service.code, agentId: agent.id, lastReportedAt: service.lastReportedAt.toISOString() },
        });
      }
      return stale.length;
    });
  }
}
