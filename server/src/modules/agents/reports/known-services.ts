import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  AgentId,
  CapsuleServiceId,
  Health,
  HeartbeatRequest,
  ReportedService,
  ReportServicesRequest,
} from '#contracts';
import { canonicalJson } from '../../../common/crypto/hashes.js';
import { LoadingCache } from '../../../common/memory/cache.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { type HealthContent, toHealthContent } from '../services/health/service-health.service.js';
import { toServiceContent } from './report-content.js';

/** Equal healths give equal hashes, whatever the order of their keys. */
const hashOf = (health: HealthContent): string => hash('sha256', canonicalJson(health), 'base64');

/** The health of a service as it is stored, to tell a report that says the same from one that does not. */
export class HealthFingerprint {
  readonly #hash: string | null;
  /** SHA-256 of the last report that said the same, as it came: the next will, word for word. */
  #said: string | null = null;

  /** @param health null when it has said nothing yet */
  constructor(health: HealthContent | null) {
    this.#hash = health && hashOf(health);
  }

  matches(health: Health): boolean {
    const said = hash('sha256', JSON.stringify(health), 'base64');
    if (said === this.#said) return true;
    if (hashOf(toHealthContent(health)) !== this.#hash) return false;
    this.#said = said;
    return true;
  }
}

const CAPACITY = 50_000;

/** What is known of a service, as far as it takes to see whether a report says anything new. */
export interface OwnService {
  readonly id: CapsuleServiceId;
  readonly code: string;
  readonly health: HealthFingerprint;
  readonly contentHash: string;
}

/**
 * Knows what each agent last said of its services, without asking the database each time. A report that comes to this
 * replica before the news of the last one, from another, is taken for nothing new at worst; the next one is not.
 */
@Injectable()
export class KnownServices {
  readonly #known = new LoadingCache<AgentId, readonly OwnService[]>(CAPACITY);

  constructor(
    private readonly services: CapsuleServicesRepository,
    changes: ChangeFeed,
  ) {
    changes.on('service', ({ agentId }) => {
      if (agentId) this.#known.invalidate(agentId);
    });
    changes.onGap(() => {
      this.#known.invalidateAll();
    });
  }

  /** The agent's services, retired ones left out. */
  get(agentId: AgentId): Promise<readonly OwnService[]> {
    return this.#known.get(agentId, async () => (await this.services.listEntitiesOfAgent(agentId)).map(toOwnService));
  }
}

const toOwnService = (service: CapsuleServiceEntity): OwnService => ({
  id: service.id,
  code: service.code,
  health: new HealthFingerprint(service.healthSince && healthOf(service)),
  contentHash: service.contentHash,
});

const healthOf = ({ healthStatus, healthMessage, healthDetails }: CapsuleServiceEntity): HealthContent => ({
  status: healthStatus,
  message: healthMessage,
  details: healthDetails,
});

/** What a heartbeat says of one of the agent's services. */
export interface HealthReport {
  readonly id: CapsuleServiceId;
  readonly health: Health;
  /** What is known of its health. */
  readonly known: HealthFingerprint;
}

/** The healths a heartbeat brings, each for the service it means: the named one, else an agent's only one. */
export const matchHealth = (own: readonly OwnService[], heartbeat: HeartbeatRequest): readonly HealthReport[] => {
  const meant = heartbeat.serviceId ?? (own.length === 1 ? own[0]?.id : undefined);
  return own.flatMap(({ id, code, health: known }) => {
    const byCode = heartbeat.services?.find((service) => service.code === code)?.health;
    const health = byCode ?? (id === meant ? heartbeat.health : undefined);
    return health ? [{ id, health, known }] : [];
  });
};

/** Whether it differs from what is known. */
export const isChanged = ({ health, known }: Pick<HealthReport, 'health' | 'known'>): boolean => !known.matches(health);

/** Whether a report says exactly what is known of the agent's services. */
export const isUnchanged = (own: readonly OwnService[], { services, complete }: ReportServicesRequest): boolean => {
  if (complete === true && services.length !== own.length) return false;
  const known = new Map(own.map((service) => [service.code, service]));
  return services.every((reported) => isKnown(known.get(reported.code), reported));
};

const isKnown = (known: OwnService | undefined, reported: ReportedService): boolean => {
  if (known?.contentHash !== toServiceContent(reported).contentHash) return false;
  return !reported.health || known.health.matches(reported.health);
};
