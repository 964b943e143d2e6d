import { Injectable } from '@nestjs/common';
import type { RejectedService, ReportedService, ReportServicesRequest, ReportServicesResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { toCapsuleService } from '../services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { KnownServices, isUnchanged } from './known-services.js';
import { ReportWriter } from './report-writer.js';

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
    private readonly own: KnownServices,
    private readonly freshness: ServiceFreshness,
    private readonly upsert: ReportWriter,
    private readonly liveness: AgentLiveness,
  ) {}

  /** Stores a report. Services that a live other agent owns are left alone and listed in `rejected`. */
  async store(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const { accepted, rejected } = await this.#store(agent, request);
    const shown = (await this.services.listOfAgent(agent.id)).filter(({ service }) => accepted.has(service.code));
    return {
      services: shown.map((one) => ({ ...toCapsuleService(one), accepted: true })),
      rejected: [...rejected].map((code) => ({ code, error: 'CAPSULE_SERVICE_CODE_TAKEN' })),
    };
  }

  /** {@link store} within a transaction that does more: a registration that brings its service. */
  async storeIn(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<ReportOutcome> {
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

  async #store(agent: AgentActor, request: ReportServicesRequest): Promise<ReportOutcome> {
    const own = await this.own.get(agent.id);
    if (isUnchanged(own, request)) {
      await this.liveness.markSeen(agent);
      const accepted = new Set(request.services.map(({ code }) => code));
      await this.freshness.record(own.filter(({ code }) => accepted.has(code)).map(({ id }) => id));
      return { accepted, rejected: new Set() };
    }
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        await this.liveness.markSeenIn(tx, agent);
        const outcome = await this.storeIn(tx, agent, request.services);
        if (request.complete === true) await this.#retireUnlisted(tx, agent, request.services);
        return outcome;
      }),
    );
  }

  async #retireUnlisted(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<void> {
    const listed = new Set(reported.map(({ code }) => code));
    const gone = (await this.services.listOfAgent(agent.id, tx)).filter(({ service }) => !listed.has(service.code));
    for (const { service } of gone) await this.upsert.retire(tx, agent, service);
  }
}

/** A report names 200 services at most; the audit need not repeat them all. */
const MAX_OTHER_CODES = 20;

/** Takes reports of services, and audits what is refused of them. */
@Injectable()
export class ServiceReportsService {
  constructor(
    private readonly reporting: ServiceReporting,
    private readonly services: CapsuleServicesRepository,
    private readonly sampled: SampledAudit,
  ) {}

  /** Stores a report. Services that a live other agent owns are left alone, listed in `rejected`, and audited. */
  async submit(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const response = await this.reporting.store(agent, request);
    const [first, ...others] = response.rejected;
    if (first) await this.#auditRefusal(agent, first, others);
    return response;
  }

  async #auditRefusal(agent: AgentActor, { code }: RejectedService, others: readonly RejectedService[]): Promise<void> {
    const [taken] = await this.services.findByCodes([code]);
    await this.sampled.record({
      actor: agent,
      action: 'service.report.rejected',
      target: { type: 'CapsuleService', id: taken?.service.id ?? null },
      message: `Agent ${agent.code} reported service ${code}, which another live agent owns.`,
      metadata: {
        code,
        ownerAgentId: taken?.agent.id ?? null,
        otherCodes: others.slice(0, MAX_OTHER_CODES).map((other) => other.code),
      },
    });
  }
}
