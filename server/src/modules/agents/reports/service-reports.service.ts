import { Injectable } from '@nestjs/common';
import type { AcceptedService, ReportedService, ReportServicesRequest, ReportServicesResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { SchemaChecks } from '../schemas/schema-checks.service.js';
import { toCapsuleService } from '../services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { isReportUnchanged, KnownServices } from './known-services.js';
import { ReportWriter } from './report-writer.js';
import { schemaWarnings } from './schema-warnings.js';

/** A report can list 200 services; an audit event need not repeat them all. */
const MAX_OTHER_CODES = 20;

/** The codes of a report that were stored, and those that another agent owns. */
export interface ReportOutcome {
  readonly accepted: ReadonlySet<string>;
  readonly rejected: ReadonlySet<string>;
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
    private readonly schemas: SchemaChecks,
    private readonly liveness: AgentLiveness,
    private readonly sampled: SampledAudit,
  ) {}

  /**
   * Stores a report. Services that another live agent owns are left alone, listed in `rejected`, and audited.
   * @throws AGENT_DISABLED, AGENT_REVOKED
   */
  async submit(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const { accepted, rejected } = await this.#store(agent, request);
    const stored = (await this.services.listOfAgent(agent.id)).filter(({ service }) => accepted.has(service.code));
    const warnings = await this.#warningsOf(agent, request.services);
    const [first, ...others] = rejected;
    if (first !== undefined) await this.#auditRejection(agent, first, others);
    return {
      services: stored.map((one) => ({ ...toCapsuleService(one), accepted: true, ...warnings.get(one.service.code) })),
      rejected: [...rejected].map((code) => ({ code, error: 'CAPSULE_SERVICE_CODE_TAKEN' })),
    };
  }

  /** Stores these services within a larger transaction, such as a registration that includes its service. */
  async storeIn(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<ReportOutcome> {
    // Every agent uses the same order, so that two that report the same codes cannot deadlock.
    const ordered = [...reported].sort((a, b) => (a.code < b.code ? -1 : 1));
    const codes = ordered.map(({ code }) => code);
    const known = new Map((await this.services.findByCodes(codes, tx)).map((one) => [one.service.code, one]));
    const accepted = new Set<string>();
    const rejected = new Set<string>();
    for (const one of ordered) {
      const isStored = await this.writer.store(tx, agent, one, known.get(one.code) ?? null);
      (isStored ? accepted : rejected).add(one.code);
    }
    return { accepted, rejected };
  }

  /** What of each service cannot be used as it was reported; services without such are left out. */
  async #warningsOf(
    agent: AgentActor,
    reported: readonly ReportedService[],
  ): Promise<ReadonlyMap<string, Pick<AcceptedService, 'warnings'>>> {
    const found = await Promise.all(
      reported.map(async (service) => [service.code, await schemaWarnings(this.schemas, agent, service)] as const),
    );
    return new Map(found.flatMap(([code, warnings]) => (warnings.length > 0 ? [[code, { warnings }]] : [])));
  }

  async #store(agent: AgentActor, request: ReportServicesRequest): Promise<ReportOutcome> {
    const known = await this.known.get(agent.id);
    if (isReportUnchanged(known, request)) {
      await this.liveness.markSeen(agent);
      const accepted = new Set(request.services.map(({ code }) => code));
      await this.freshness.record(known.filter(({ code }) => accepted.has(code)).map(({ id }) => id));
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
    const missing = (await this.services.listOfAgent(agent.id, tx)).filter(({ service }) => !listed.has(service.code));
    for (const { service } of missing) await this.writer.retire(tx, agent, service);
  }

  async #auditRejection(agent: AgentActor, code: string, others: readonly string[]): Promise<void> {
    const [owned] = await this.services.findByCodes([code]);
    await this.sampled.record({
      actor: agent,
      action: 'service.report.rejected',
      target: { type: 'CapsuleService', id: owned?.service.id ?? null },
      message: `Agent ${agent.code} reported service ${code}, which another live agent owns.`,
      metadata: {
        code,
        ownerAgentId: owned?.agent.id ?? null,
        otherCodes: others.slice(0, MAX_OTHER_CODES),
      },
    });
  }
}
