import { Injectable } from '@nestjs/common';
import type { AgentId, CapsuleServiceId } from '#contracts';
import { ReadCache } from '../../common/memory/read-cache.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { KnownHealth } from './known-health.js';
import type { HealthContent } from './service-report.js';

const CAPACITY = 50_000;

/** What is known of a service, as far as it takes to see whether a report says anything new. */
export interface OwnService {
  readonly id: CapsuleServiceId;
  readonly code: string;
  readonly health: KnownHealth;
  readonly contentHash: string;
}

/**
 * Knows what each agent last said of its services, without asking the database each time. A report that comes to this
 * replica before the news of the last one, from another, is taken for nothing new at worst; the next one is not.
 */
@Injectable()
export class OwnServices {
  readonly #known = new ReadCache<AgentId, readonly OwnService[]>(CAPACITY);

  constructor(
    private readonly services: CapsuleServicesRepository,
    changes: ChangeFeed,
  ) {
    changes.subscribe({
      onChange: ({ topic, agentId }) => {
        if (topic === 'service' && agentId) this.#known.forget(agentId);
      },
      onGap: () => {
        this.#known.clear();
      },
    });
  }

  /** The agent's services, retired ones left out. */
  of(agentId: AgentId): Promise<readonly OwnService[]> {
    return this.#known.get(agentId, async () => (await this.services.listEntitiesOfAgent(agentId)).map(toOwnService));
  }
}

const toOwnService = (service: CapsuleServiceEntity): OwnService => ({
  id: service.id,
  code: service.code,
  health: new KnownHealth(service.healthSince && healthOf(service)),
  contentHash: service.contentHash,
});

const healthOf = ({ healthStatus, healthMessage, healthDetails }: CapsuleServiceEntity): HealthContent => ({
  status: healthStatus,
  message: healthMessage,
  details: healthDetails,
});
