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
import { measured } from '../../../common/served-request.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { type HealthContent, toHealthContent } from '../services/health/service-health.service.js';
import { toServiceContent } from './report-content.js';

const CAPACITY = 50_000;

/** The part of a stored service that tells whether a report changes it. */
export interface KnownService {
  readonly id: CapsuleServiceId;
  readonly code: string;
  readonly health: HealthFingerprint;
  readonly contentHash: string;
}

/** The health of one service in a heartbeat, with what is stored for that service. */
export interface HeartbeatHealth {
  readonly id: CapsuleServiceId;
  readonly health: Health;
  readonly known: HealthFingerprint;
}

/** Recognizes reports that repeat the stored health of a service. */
export class HealthFingerprint {
  readonly #health: HealthContent | null;
  /** Computed when it is first needed: few of an agent's services are in a report that changes one. */
  #hash: string | null = null;
  /** SHA-256 of the last matching report as it came in. The next one usually has the same bytes and needs no redaction. */
  #lastMatch: string | null = null;

  /** `health`: null when none is stored yet. */
  constructor(health: HealthContent | null) {
    this.#health = health;
  }

  /** Whether this report would store the same health. */
  matches(health: Health): boolean {
    const raw = hash('sha256', JSON.stringify(health), 'base64');
    if (raw === this.#lastMatch) return true;
    if (this.#health === null) return false;
    this.#hash ??= hashOf(this.#health);
    if (hashOf(toHealthContent(health)) !== this.#hash) return false;
    this.#lastMatch = raw;
    return true;
  }
}

/**
 * Caches what each agent last reported about its services. A report that arrives before the
 * announcement of another replica's change may count as unchanged; the next one will not.
 */
@Injectable()
export class KnownServices {
  readonly #known = new LoadingCache<AgentId, readonly KnownService[]>(CAPACITY);

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

  /** The agent's services, without retired ones. */
  get(agentId: AgentId): Promise<readonly KnownService[]> {
    return this.#known.get(agentId, async () => (await this.services.listEntitiesOfAgent(agentId)).map(toKnownService));
  }
}

const toKnownService = (service: CapsuleServiceEntity): KnownService => ({
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

/**
 * Matches the health in a heartbeat with the agent's services: each entry of `services` by its code, and the heartbeat's
 * own `health` with the service it names or else the agent's only one. Services of other agents are left out.
 */
export const matchHealth = (
  services: readonly KnownService[],
  heartbeat: HeartbeatRequest,
): readonly HeartbeatHealth[] => {
  const target = heartbeat.serviceId ?? (services.length === 1 ? services[0]?.id : undefined);
  const reported = new Map(heartbeat.services?.map((service) => [service.code, service.health]));
  return services.flatMap(({ id, code, health: known }) => {
    const health = reported.get(code) ?? (id === target ? heartbeat.health : undefined);
    return health ? [{ id, health, known }] : [];
  });
};

/** Whether the health differs from the stored one. */
export const isHealthChanged = ({ health, known }: Pick<HeartbeatHealth, 'health' | 'known'>): boolean =>
  !known.matches(health);

/** Whether a report repeats exactly what is stored about the agent's services. */
export const isReportUnchanged = (
  services: readonly KnownService[],
  { services: reported, complete }: ReportServicesRequest,
): boolean => {
  if (complete === true && reported.length !== services.length) return false;
  const byCode = new Map(services.map((service) => [service.code, service]));
  return measured(() => reported.every((one) => isKnown(byCode.get(one.code), one)));
};

const isKnown = (known: KnownService | undefined, reported: ReportedService): boolean => {
  if (known?.contentHash !== toServiceContent(reported).contentHash) return false;
  return !reported.health || known.health.matches(reported.health);
};

/** The same health has the same hash, whatever the order of its keys. */
const hashOf = (health: HealthContent): string => hash('sha256', canonicalJson(health), 'base64');
