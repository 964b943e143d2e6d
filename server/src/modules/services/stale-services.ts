import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { OfflineThreshold } from '../agents/offline-threshold.js';
import { AuditService } from '../audit/audit.service.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { ServiceFreshness } from './service-freshness.js';

const BATCH = 200;

/** Audits services that have gone stale, once until they report again. */
@Injectable()
export class StaleServices {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly freshness: ServiceFreshness,
    private readonly threshold: OfflineThreshold,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** One bounded batch; returns how many. Call again while it is not 0. Waits after the server's own downtime. */
  async note(): Promise<number> {
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
          concerns: { agentId: agent.id },
          message: `Service ${service.code} has not reported for too long.`,
          metadata: { code: service.code, agentId: agent.id, lastReportedAt: service.lastReportedAt.toISOString() },
        });
      }
      return stale.length;
    });
  }
}
