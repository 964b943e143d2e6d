import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, Health, HealthStatus, HealthStrip, ServiceHealth } from '#contracts';
import type { AgentActor } from '../../../../common/actor.js';
import { Clock, toInstant } from '../../../../common/clock.js';
import { canonicalJson } from '../../../../common/crypto/hashes.js';
import { Ids } from '../../../../common/ids.js';
import { type JobContext, MaintenanceJob } from '../../../../common/maintenance-job.js';
import { redactObject } from '../../../../common/redaction.js';
import { Database } from '../../../../database/database.js';
import type { Tx } from '../../../../database/tx.js';
import type { CapsuleServiceEntity } from '../capsule-service.entity.js';
import { toHealthReport, toLatestHealth } from '../capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../capsule-services.repository.js';
import type { HealthHistoryQuery } from '../dto/services.dto.js';
import { ServiceDetailsRepository } from '../service-details.repository.js';
import { ServiceEvents } from '../service-events.js';
import type { HealthReportEntity } from './health-report.entity.js';
import { HealthReportsRepository, type SpanStatus } from './health-reports.repository.js';

/** Health as it is stored. */
export type HealthContent = Pick<HealthReportEntity, 'status' | 'message' | 'details'>;

/** Redacts and completes a health. */
export const toHealthContent = (health: Health): HealthContent => {
  const { status, message, details } = redactObject(health) as unknown as Health;
  return { status, message: message ?? null, details: details ?? null };
};

/** Keeps what a service says of its health: history is its transitions, not its samples. */
@Injectable()
export class ServiceHealthService {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServiceDetailsRepository,
    private readonly log: ServiceEvents,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Stores a new status or message as a transition, and new details without one. The first health is no change worth an
   * audit event.
   */
  async apply(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity, health: Health): Promise<void> {
    const { status, message, details } = toHealthContent(health);
    const isFirst = service.healthSince === null;
    const isOther = isFirst || status !== service.healthStatus;
    const isTransition = isOther || message !== service.healthMessage;
    if (!isTransition && canonicalJson(details) === canonicalJson(service.healthDetails)) return;
    const reportedAt = this.clock.now();
    const changes = { healthStatus: status, healthMessage: message, healthDetails: details };
    await this.services.change(service.id, { ...changes, ...(isOther && { healthSince: reportedAt }) }, tx);
    this.log.publish(tx, service.id, agent.id);
    if (!isTransition) return;
    await this.parts.insertHealth(
      { id: this.ids.make('hlr'), serviceId: service.id, status, message, details, reportedAt },
      tx,
    );
    if (isFirst || !isOther) return;
    await this.log.record(tx, agent, service.id, {
      action: 'service.health.changed',
      message: `Service ${service.code} went from ${service.healthStatus} to ${status}.`,
      metadata: { from: service.healthStatus, to: status, message },
    });
  }
}

/** Worst first. */
const BY_GRAVITY: readonly (HealthStatus | null)[] = ['DOWN', 'DEGRADED', 'UNKNOWN', 'UP', null];

const worst = (statuses: readonly (HealthStatus | null)[]): HealthStatus | null =>
  BY_GRAVITY.find((status) => statuses.includes(status)) ?? null;

/** The worst status of each span: what it began with, and all that came in it. */
export const toHealthStrip = (
  atStart: HealthStatus | null,
  changes: readonly SpanStatus[],
  spans: number,
): (HealthStatus | null)[] => {
  let current = atStart;
  return Array.from({ length: spans }, (_, span) => {
    const inSpan = changes.filter((change) => change.span === span).sort((a, b) => a.lastAt - b.lastAt);
    const shown = worst([current, ...inSpan.map(({ status }) => status)]);
    current = inSpan.at(-1)?.status ?? current;
    return shown;
  });
};

const SPAN_SECONDS = 1_800;
const SPANS = 48;

/** What services said of their health over time. */
@Injectable()
export class HealthHistory {
  constructor(
    private readonly history: HealthReportsRepository,
    private readonly parts: ServiceDetailsRepository,
    private readonly clock: Clock,
  ) {}

  /** The health now, at the start of the range, and its transitions in the range, newest first. */
  async inRange(service: CapsuleServiceEntity, range: HealthHistoryQuery): Promise<ServiceHealth> {
    const { id } = service;
    const latest = await this.parts.latestHealth(id);
    const history = await this.parts.healthHistory(id, range);
    const atStart = range.from ? await this.history.findBefore(id, range.from) : null;
    return {
      latest: toLatestHealth(latest, service),
      history: history.map(toHealthReport),
      atStart: atStart && toHealthReport(atStart),
    };
  }

  /** The last 24 hours of each, the worst of every half hour. */
  async strips(ids: readonly CapsuleServiceId[]): Promise<HealthStrip[]> {
    const from = this.clock.secondsFromNow(-SPANS * SPAN_SECONDS);
    const changes = await this.history.statusesBySpan(ids, from, SPAN_SECONDS * 1_000);
    const starts = await this.history.statusesAt(ids, from);
    return starts.map(({ id, status }) => {
      const own = changes.filter(({ serviceId }) => serviceId === id);
      return { serviceId: id, from: toInstant(from), statuses: toHealthStrip(status, own, SPANS) };
    });
  }
}

const BATCH = 500;
const DAY_SECONDS = 86_400;

/** Deletes changes of health that are older than they have to be. */
@Injectable()
export class HealthRetention {
  constructor(
    private readonly db: Database,
    private readonly history: HealthReportsRepository,
    private readonly clock: Clock,
  ) {}

  /** Deletes health history past its retention. Nothing is deleted while the setting is 0. */
  @MaintenanceJob({
    id: 'health-history',
    phase: 'retention',
    description: 'Deletes health history past its retention.',
  })
  async pruneExpired({ settings: { healthRetentionDays: days } }: JobContext): Promise<number | null> {
    return days === 0 ? null : this.prune(days);
  }

  /**
   * One bounded batch; returns how many. What a service was at the beginning of those days stays, however old: so it is
   * always known how it is, since when, and what it was then. Call again while it is not 0.
   */
  async prune(days: number): Promise<number> {
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    // Looked for beside the serving thread: with nothing to delete it goes through one report of each service.
    const ids = await this.history.listSupersededBefore(before, BATCH);
    if (ids.length === 0) return 0;
    return this.db.transaction((tx) => this.history.delete(ids, tx));
  }
}
