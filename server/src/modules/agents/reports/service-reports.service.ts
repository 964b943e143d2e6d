import { Injectable } from '@nestjs/common';
import type {
  AcceptedService,
  Health,
  RejectedService,
  ReportedService,
  ReportServicesRequest,
  ReportServicesResponse,
  ServiceRejection,
} from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { type CleaningWarning, cleaningOf, warningsField } from '../../../http/validation/cleaning.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { AgentWarningsService } from '../agent-warnings.service.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { SchemaChecks } from '../schemas/schema-checks.service.js';
import { type ServiceWithStatus, toCapsuleService } from '../services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { isReportUnchanged, KnownServices } from './known-services.js';
import { ReportWriter } from './report-writer.js';
import { schemaWarnings } from './schema-warnings.js';

/** A report can list 200 services; an audit event need not repeat them all. */
const MAX_OTHER_CODES = 20;
/** How many services an agent may have with its retired ones, in multiples of those it may have without. */
const MAX_RETIRED_FACTOR = 10;

const NO_ROOM = { error: 'AGENT_SERVICE_LIMIT' } as const;

/** Why a service was not stored, for a person. */
const REASONS: Readonly<Record<ServiceRejection, string>> = {
  CAPSULE_SERVICE_CODE_TAKEN: 'another live agent owns it',
  AGENT_SERVICE_LIMIT: 'the agent has as many services as it may',
  VALIDATION_FAILED: 'it is not valid',
};

/** The codes of a report that were stored, and the services that were not. */
export interface ReportOutcome {
  readonly accepted: ReadonlySet<string>;
  readonly rejected: readonly RejectedService[];
}

/** A report as it is stored. */
interface Report extends ReportServicesRequest {
  /** Services that are not in `services`, because nothing of them could be read. */
  readonly unreadable?: readonly RejectedService[];
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
    private readonly warnings: AgentWarningsService,
    private readonly config: AppConfig,
  ) {}

  /**
   * Stores a report. Services that another live agent owns, those beyond what one agent may have, and those that contradict themselves
   * are left alone, listed in `rejected`, and audited; of the others, what could not be kept as it was sent is named in `warnings`. The
   * answer is made of the services of this report, however many the agent has.
   * @throws AGENT_DISABLED, AGENT_REVOKED
   */
  async submit(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const cleaning = cleaningOf(request);
    const unreadable = cleaning?.rejected ?? [];
    const { accepted, rejected } = await this.#store(agent, { ...request, unreadable });
    const notStored = [...rejected, ...unreadable];
    const stored = (await this.services.findByCodes([...accepted])).filter((one) => one.agent.id === agent.id);
    const warnings = await this.#warningsOf(agent, request.services);
    if (notStored.length > 0) await this.#auditRejection(agent, notStored);
    await this.warnings.record(agent, 'report', [...rejectionsAsWarnings(notStored), ...(cleaning?.warnings ?? [])]);
    return {
      services: stored.map((one) => ({ ...toCapsuleService(one), accepted: true, ...warnings.get(one.service.code) })),
      rejected: notStored,
      ...warningsField(cleaning?.warnings),
    };
  }

  /** Stores these services within a larger transaction, such as a registration that includes its service. */
  async storeIn(tx: Tx, agent: AgentActor, reported: readonly ReportedService[]): Promise<ReportOutcome> {
    const repeated = repeatedOf(reported);
    // Every agent uses the same order, so that two that report the same codes cannot deadlock.
    const ordered = [...reported].sort((a, b) => (a.code < b.code ? -1 : 1));
    const codes = ordered.map(({ code }) => code);
    const known = new Map((await this.services.findByCodes(codes, tx)).map((one) => [one.service.code, one]));
    const accepted = new Set<string>();
    const rejected: RejectedService[] = [];
    let room = await this.#roomFor(tx, agent, ordered.length, known);
    for (const one of ordered) {
      if (repeated.has(one.code)) continue;
      const existing = known.get(one.code) ?? null;
      const isMore = existing?.agent.id !== agent.id || existing.service.retiredAt !== null;
      const rejection = isMore && room <= 0 ? NO_ROOM : await this.writer.store(tx, agent, one, existing);
      if (rejection) rejected.push({ code: one.code, ...rejection });
      else {
        accepted.add(one.code);
        if (isMore) room -= 1;
      }
    }
    for (const [code, health] of repeated) {
      const existing = known.get(code);
      if (existing) await this.writer.storeHealth(tx, agent, existing, health);
      rejected.push({
        code,
        error: 'VALIDATION_FAILED',
        message: `The report lists the code "${code}" more than once.`,
      });
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

  async #store(agent: AgentActor, request: Report): Promise<ReportOutcome> {
    const known = await this.known.get(agent.id);
    if (isReportUnchanged(known, request) && repeatedOf(request.services).size === 0) {
      await this.liveness.markSeen(agent);
      const accepted = new Set(request.services.map(({ code }) => code));
      await this.freshness.record(known.filter(({ code }) => accepted.has(code)).map(({ id }) => id));
      return { accepted, rejected: [] };
    }
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        await this.liveness.markSeenIn(tx, agent);
        // First, so that those that replace them have room.
        if (request.complete === true) await this.#retireUnlisted(tx, agent, request);
        return this.storeIn(tx, agent, request.services);
      }),
    );
  }

  /** A service that is listed but was not stored is not retired. */
  async #retireUnlisted(tx: Tx, agent: AgentActor, { services, unreadable = [] }: Report): Promise<void> {
    const listed = new Set([...services, ...unreadable].map(({ code }) => code));
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

  async #auditRejection(agent: AgentActor, rejected: readonly RejectedService[]): Promise<void> {
    const [first, ...others] = rejected;
    if (!first) return;
    const [owned] = first.error === 'AGENT_SERVICE_LIMIT' ? [] : await this.services.findByCodes([first.code]);
    const why = REASONS[first.error];
    await this.sampled.record({
      actor: agent,
      action: 'service.report.rejected',
      target: { type: 'CapsuleService', id: owned?.service.id ?? null },
      message: `Service ${first.code} of agent ${agent.code} was not stored: ${why}.`,
      metadata: {
        code: first.code,
        error: first.error,
        ...(first.message !== undefined && { reason: first.message }),
        ownerAgentId: owned?.agent.id ?? null,
        otherCodes: others.slice(0, MAX_OTHER_CODES).map(({ code }) => code),
      },
    });
  }
}

/** The codes that a report lists more than once, each with the health that counts: the first that is not UP. */
const repeatedOf = (reported: readonly ReportedService[]): ReadonlyMap<string, Health | undefined> => {
  if (new Set(reported.map(({ code }) => code)).size === reported.length) return new Map();
  const byCode = Map.groupBy(reported, ({ code }) => code);
  const repeated = [...byCode].filter(([, services]) => services.length > 1);
  return new Map(
    repeated.map(([code, services]) => {
      const healths = services.flatMap(({ health }) => health ?? []);
      return [code, healths.find(({ status }) => status !== 'UP') ?? healths[0]];
    }),
  );
};

const rejectionsAsWarnings = (rejected: readonly RejectedService[]): CleaningWarning[] =>
  rejected.map(({ code, error, message }) => ({
    path: 'services',
    message: `service "${code}" was rejected: ${message ?? REASONS[error]}`,
    serviceCode: code === '' ? null : code,
  }));
