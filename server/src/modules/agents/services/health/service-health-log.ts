import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { AuditAction } from '#contracts';
import { type AgentActor, SYSTEM } from '../../../../common/actor.js';
import { Clock } from '../../../../common/clock.js';
import { Ids } from '../../../../common/ids.js';
import { Database } from '../../../../database/database.js';
import type { Tx } from '../../../../database/tx.js';
import { AuditService } from '../../../audit/audit.service.js';
import type { CapsuleServiceEntity } from '../capsule-service.entity.js';
import { ServiceEvents } from '../service-events.js';
import { FlapGuard, type FlapSummary, type LeftOutStatus } from './flap-guard.js';
import type { HealthReportEntity } from './health-report.entity.js';
import { HealthReportsRepository } from './health-reports.repository.js';

const CATCH_UP_MS = 10_000;

/** A service that enters a status. */
export interface HealthTransition extends Pick<HealthReportEntity, 'status' | 'message' | 'details'> {
  readonly service: CapsuleServiceEntity;
  readonly agent: AgentActor;
  readonly at: Date;
}

/**
 * The history of health: one row and one audit event for each transition, until a service changes all the time. From then on
 * it stores one in ten minutes, with the sum of what it left out, and audits a summary an hour (docs/decisions/0037).
 */
@Injectable()
export class ServiceHealthLog implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ServiceHealthLog.name);
  readonly #guard = new FlapGuard();

  constructor(
    private readonly db: Database,
    private readonly reports: HealthReportsRepository,
    private readonly events: ServiceEvents,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Stores a transition, or counts it. The first status of a service is not audited. */
  async append(tx: Tx, transition: HealthTransition): Promise<void> {
    const { service, status, at } = transition;
    const isFirst = service.healthSince === null;
    if (isFirst || this.#guard.admits(service.id, at)) {
      await this.#store(tx, transition);
      if (!isFirst) await this.#auditChange(tx, transition);
      tx.afterCommit(() => {
        this.#guard.noteStored(service.id, status, at);
      });
      return;
    }
    if (!this.#guard.isFlapping(service.id)) await this.#auditFlapping(tx, transition);
    tx.afterCommit(() => {
      this.#guard.noteLeftOut(service.id, status, at);
    });
  }

  /** Replaces the message of the present status. */
  changeMessage(tx: Tx, { id, healthStatus }: CapsuleServiceEntity, message: string | null): Promise<void> {
    return this.reports.changeMessage(id, { status: healthStatus, message }, tx);
  }

  /** Shows the present status of services whose last changes were left out, and writes the summaries that are due. */
  @Interval(CATCH_UP_MS)
  async catchUp(): Promise<void> {
    const now = this.clock.now();
    await this.#try(() => this.#show(this.#guard.takeDue(now)));
    await this.#try(() => this.#summarize(this.#guard.takeSummaries(now)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#try(() => this.#show(this.#guard.pending()));
  }

  #store(tx: Tx, { service, status, message, details, at }: HealthTransition): Promise<void> {
    const leftOut = this.#guard.leftOut(service.id, at);
    const id = this.ids.make('hlr');
    return this.reports.insert({ id, serviceId: service.id, status, message, details, leftOut, reportedAt: at }, tx);
  }

  #auditChange(tx: Tx, { service, agent, status, message }: HealthTransition): Promise<void> {
    return this.events.record(tx, agent, service.id, {
      action: 'service.health.changed',
      message: `Service ${service.code} went from ${service.healthStatus} to ${status}.`,
      metadata: { from: service.healthStatus, to: status, message },
    });
  }

  #auditFlapping(tx: Tx, { service, agent, status }: HealthTransition): Promise<void> {
    return this.audit.record(tx, {
      actor: SYSTEM,
      action: 'system.service.flapping',
      target: { type: 'CapsuleService', id: service.id },
      related: { agentId: agent.id },
      message: `Service ${service.code} keeps changing its status; its changes are summed up from now on.`,
      metadata: { code: service.code, changes: 1, recorded: 0, status },
    });
  }

  async #show(statuses: readonly LeftOutStatus[]): Promise<void> {
    if (statuses.length === 0) return;
    await this.db.transaction(async (tx) => {
      for (const { id: serviceId, status, since: reportedAt, leftOut } of statuses) {
        const id = this.ids.make('hlr');
        await this.reports.insertCurrent({ id, serviceId, status, reportedAt, leftOut }, tx);
      }
    });
    for (const one of statuses) this.#guard.noteShown(one);
  }

  async #summarize(summaries: readonly FlapSummary[]): Promise<void> {
    if (summaries.length === 0) return;
    await this.db.transaction(async (tx) => {
      for (const summary of summaries) await this.#auditSummary(tx, summary);
    });
  }

  async #auditSummary(tx: Tx, { id, changes, recorded, status, isSettled }: FlapSummary): Promise<void> {
    const service = await this.reports.findServiceName(id, tx);
    if (!service) return;
    const action: AuditAction = isSettled ? 'system.service.settled' : 'system.service.flapping';
    const message = isSettled
      ? `Service ${service.code} has kept its status for an hour.`
      : `Service ${service.code} changed its status ${changes} times in the last hour.`;
    await this.audit.record(tx, {
      actor: SYSTEM,
      action,
      target: { type: 'CapsuleService', id },
      related: { agentId: service.agentId },
      message,
      metadata: { code: service.code, changes, recorded, status },
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn(error);
    }
  }
}
