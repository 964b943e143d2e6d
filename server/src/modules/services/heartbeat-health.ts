import { Injectable } from '@nestjs/common';
import type { HeartbeatRequest } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { OwnServices } from './own-services.js';
import { ServiceFreshness } from './service-freshness.js';
import { ServiceHealthLog } from './service-health.js';
import { healthReports, isNews } from './service-news.js';

/** Takes the health that heartbeats bring; one that says nothing new costs the database nothing. */
@Injectable()
export class HeartbeatHealth {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly own: OwnServices,
    private readonly freshness: ServiceFreshness,
    private readonly health: ServiceHealthLog,
    private readonly liveness: AgentLiveness,
  ) {}

  /** Services that are not this agent's are passed over: it is alive all the same. */
  async apply(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<void> {
    const reports = healthReports(await this.own.of(agent.id), heartbeat);
    await this.freshness.note(reports.map(({ id }) => id));
    const news = new Map(reports.filter(isNews).map(({ id, health }) => [id, health]));
    if (news.size === 0) return;
    await this.db.transaction(async (tx) => {
      await this.liveness.markSeenIn(tx, agent);
      for (const { service } of await this.services.listOfAgent(agent.id, tx)) {
        const health = news.get(service.id);
        if (health) await this.health.apply(tx, agent, service, health);
      }
    });
  }
}
