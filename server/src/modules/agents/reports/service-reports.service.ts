import { Injectable } from '@nestjs/common';
import type { ReportedService, ReportServicesRequest, ReportServicesResponse, ServiceRejection } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { type ServiceWithStatus, toCapsuleService } from '../services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { isReportUnchanged, KnownServices } from './known-services.js';
import { ReportWriter } from './report-writer.js';

/** A report can list 200 services; an audit event need not repeat them all. */
const MAX_OTHER_CODES = 20;
/** How many services an agent may have with its retired ones, in multiples of those it may have without. */
const MAX_RETIRED_FACTOR = 10;

/** The codes of a report that were stored, and why the others were not. */
export interface ReportOutcome {
  readonly accepted: ReadonlySet<string>;
  readonly rejected: ReadonlyMap<string, ServiceRejection>;
}

/** Stores what agents report about their services. */
@Injectable()
export class ServiceReportsService {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly known: KnownServices,
    private readonly freshness: ServiceFreshness,
    private readonly writer: ReportWriter,
    private readonly liveness: AgentLiveness,
    private readonly sampled: SampledAudit,
    private readonly config: AppConfig,
  ) {}

  /**
   * Stores a report. Services that another live agent owns, and those beyond what one agent may have, are left alone, listed in
   * `rejected`, and audited. The answer is made of the services of this report, however many the agent has.
   * @throws AGENT_DISABLED, AGENT_REVOKED
   */
  async submit(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const { accepted, rejected } = await this.#store(agent, request);
    const stored = (await this.services.findByCodes([...accepted])).filter((one) => one.agent.id === agent.id);
    if (rejected.size > 0) await this.#auditRejection(agent, rejected);
    return {
      services: stored.map((one) => ({ ...toCapsuleService(one), accepted: true })),
      rejected: [...rejected].map(([code, error]) => ({ code, error })),
    };
  }

  /** Stores these services within a larger transaction, such as a registration that includes its service. */
  async storeIn(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<ReportOutcome> {
    // Every agent uses the same order, so that two that report the same codes cannot deadlock.
    const ordered = [...reported].sort((a, b) => (a.code < b.code ? -1 : 1));
    const codes = ordered.map(({ code }) => code);
    const known = new Map((await this.services.findByCodes(codes, tx)).map((one) => [one.service.code, one]));
    const accepted = new Set<string>();
    const rejected = new Map<string, ServiceRejection>();
    let room = await this.#roomFor(tx, agent, ordered.length, known);
    for (const one of ordered) {
      const existing = known.get(one.code) ?? null;
      const isMore = existing?.agent.id !== agent.id || existing.service.retiredAt !== null;
      if (isMore && room <= 0) rejected.set(one.code, 'AGENT_SERVICE_LIMIT');
      else if (await this.writer.store(tx, agent, one, existing)) {
        accepted.add(one.code);
        if (isMore) room -= 1;
      } else rejected.set(one.code, 'CAPSULE_SERVICE_CODE_TAKEN');
    }
    return { accepted, rejected };
  }

  async #store(agent: AgentActor, request: ReportServicesRequest): Promise<ReportOutcome> {
    const known = await this.known.get(agent.id);
    if (isReportUnchanged(known, request)) {
      await this.liveness.markSeen(agent);
      const accepted = new Set(request.services.map(({ code }) => code));
      await this.freshness.record(known.filter(({ code }) => accepted.has(code)).map(({ id }) => id));
      return { accepted, rejected: new Map() };
    }
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        await this.liveness.markSeenIn(tx, agent);
        // First, so that those that replace them have room.
        if (request.complete === true) await this.#retireUnlisted(tx, agent, request.services);
        return this.storeIn(tx, agent, request.services);
      }),
    );
  }

  async #retireUnlisted(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<void> {
    const listed = new Set(reported.map(({ code }) => code));
    const missing = (await this.services.listOfAgent(agent.id, tx)).filter(({ service }) => !listed.has(service.code));
    for (const { service } of missing) await this.writer.retire(tx, agent, service);
  }

  /** How many services the agent may still add. A report that adds none is not counted. */
  async #roomFor(
    tx: Tx,
    agent: AgentActor,
    reported: number,
    known: ReadonlyMap<string, ServiceWithStatus>,
  ): Promise<number> {
    const own = [...known.values()].filter(
      ({ agent: { id }, service }) => id === agent.id && service.retiredAt === null,
    );
    if (own.length === reported) return 0;
    const { agentMaxServices } = this.config;
    const { all, retired } = await this.services.countOfAgent(agent.id, tx);
    // Retired services keep their codes, so an agent that keeps replacing its services is bounded too.
    return Math.min(agentMaxServices - (all - retired), agentMaxServices * MAX_RETIRED_FACTOR - all);
  }

  async #auditRejection(agent: AgentActor, rejected: ReportOutcome['rejected']): Promise<void> {
    const [[code, error] = ['', null], ...others] = rejected;
    const [owned] = error === 'AGENT_SERVICE_LIMIT' ? [] : await this.services.findByCodes([code]);
    await this.sampled.record({
      actor: agent,
      action: 'service.report.rejected',
      target: { type: 'CapsuleService', id: owned?.service.id ?? null },
      message:
        error === 'AGENT_SERVICE_LIMIT'
          ? `Agent ${agent.code} reported service ${code}, but has as many services as it may.`
          : `Agent ${agent.code} reported service ${code}, which another live agent owns.`,
      metadata: {
        code,
        error,
        ownerAgentId: owned?.agent.id ?? null,
        otherCodes: others.slice(0, MAX_OTHER_CODES).map(([other]) => other),
      },
    });
  }
}
