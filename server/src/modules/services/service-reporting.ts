import { Injectable } from '@nestjs/common';
import type { HeartbeatRequest, ReportedService, ReportServicesRequest, ReportServicesResponse } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { retryOnUniqueViolation } from '../../database/retry-on-unique-violation.js';
import type { Tx } from '../../database/tx.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { toCapsuleService } from './capsule-service.mapper.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { ServiceHealthLog } from './service-health.js';
import { ServiceUpsert } from './service-upsert.js';

/** Codes of a report. */
export interface ReportOutcome {
  readonly accepted: ReadonlySet<string>;
  readonly rejected: ReadonlySet<string>;
}

/** Takes what agents say of their services. */
@Injectable()
export class ServiceReporting {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly upsert: ServiceUpsert,
    private readonly health: ServiceHealthLog,
    private readonly liveness: AgentLiveness,
    private readonly clock: Clock,
  ) {}

  /** Stores a report. Services that a live other agent owns are left alone and listed in `rejected`. */
  async report(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const { outcome, shown } = await retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        await this.liveness.markSeen(tx, agent);
        const outcome = await this.reportIn(tx, agent, request.services);
        if (request.complete === true) await this.#retireUnlisted(tx, agent, request.services);
        return { outcome, shown: await this.services.listOfAgent(agent.id, tx) };
      }),
    );
    const accepted = shown.filter(({ service }) => outcome.accepted.has(service.code));
    return {
      services: accepted.map((one) => ({ ...toCapsuleService(one), accepted: true })),
      rejected: [...outcome.rejected].map((code) => ({ code, error: 'CAPSULE_SERVICE_CODE_TAKEN' })),
    };
  }

  /** {@link report} within a transaction that does more: a registration that brings its service. */
  async reportIn(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<ReportOutcome> {
    // In one order for every agent, so that two that report the same codes never wait for each other.
    const ordered = [...reported].sort((a, b) => (a.code < b.code ? -1 : 1));
    const codes = ordered.map(({ code }) => code);
    const known = new Map((await this.services.findByCodes(codes, tx)).map((one) => [one.service.code, one]));
    const accepted = new Set<string>();
    const rejected = new Set<string>();
    for (const one of ordered) {
      const isStored = await this.upsert.store(tx, agent, one, known.get(one.code) ?? null);
      (isStored ? accepted : rejected).add(one.code);
    }
    return { accepted, rejected };
  }

  /** Stores the health a heartbeat brings. Services that are not this agent's are passed over: it is alive all the same. */
  async applyHeartbeat(tx: Tx, agent: AgentActor, heartbeat: HeartbeatRequest): Promise<void> {
    const own = (await this.services.listOfAgent(agent.id, tx)).map(({ service }) => service);
    const sole = own.length === 1 ? own[0]?.id : undefined;
    const named = heartbeat.serviceId ?? sole;
    const reports = own.flatMap((service) => {
      const byCode = heartbeat.services?.find(({ code }) => code === service.code)?.health;
      const health = byCode ?? (service.id === named ? heartbeat.health : undefined);
      return health ? [{ service, health }] : [];
    });
    await this.services.touch(
      reports.map(({ service }) => service.id),
      this.clock.now(),
      tx,
    );
    for (const { service, health } of reports) await this.health.apply(tx, agent, service, health);
  }

  async #retireUnlisted(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<void> {
    const listed = new Set(reported.map(({ code }) => code));
    const gone = (await this.services.listOfAgent(agent.id, tx)).filter(({ service }) => !listed.has(service.code));
    for (const { service } of gone) await this.upsert.retire(tx, agent, service);
  }
}
