import { Injectable } from '@nestjs/common';
import type {
  CapsuleServiceId,
  Health,
  HealthReport,
  HealthStatus,
  HealthStrip,
  ServiceHealthAnswer,
} from '#contracts';
import type { AgentActor } from '../../../../common/actor.js';
import { Clock, toInstant } from '../../../../common/clock.js';
import { canonicalJson } from '../../../../common/crypto/hashes.js';
import { type JobContext, MaintenanceJob } from '../../../../common/maintenance-job.js';
import { redactObject } from '../../../../common/redaction.js';
import { Database } from '../../../../database/database.js';
import type { Tx } from '../../../../database/tx.js';
import type { CapsuleServiceEntity } from '../capsule-service.entity.js';
import { toCurrentHealth, toHealthReport, toLatestHealth } from '../capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../capsule-services.repository.js';
import { ServiceEvents } from '../service-events.js';
import type { HealthReportEntity } from './health-report.entity.js';
import { HealthReportsRepository, type HistoryRange, type SpanStatus } from './health-reports.repository.js';
import { ServiceHealthLog } from './service-health-log.js';

/** A strip shows one day in spans of half an hour. */
const SPAN_SECONDS = 1_800;
const SPANS = 48;
const BATCH = 500;
const DAY_SECONDS = 86_400;

/** Health as it is stored. */
export type HealthContent = Pick<HealthReportEntity, 'status' | 'message' | 'details'>;

/** Redacts a reported health and fills in its defaults. */
export const toHealthContent = (health: Health): HealthContent => {
  const { status, message, details } = redactObject(health) as unknown as Health;
  return { status, message: message ?? null, details: details ?? null };
};

/** Keeps the health of services: the current health on the service, and its transitions as history. */
@Injectable()
export class ServiceHealthService {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly reports: HealthReportsRepository,
    private readonly log: ServiceHealthLog,
    private readonly events: ServiceEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a reported health. Only a new status is a transition; a new message or new details replace the stored ones.
   * A service's first health is a transition but not audited.
   */
  async apply(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity, health: Health): Promise<void> {
    const { status, message, details } = toHealthContent(health);
    const isTransition = service.healthSince === null || status !== service.healthStatus;
    const isNewMessage = message !== service.healthMessage;
    if (!isTransition && !isNewMessage && canonicalJson(details) === canonicalJson(service.healthDetails)) return;
    const at = this.clock.now();
    const changes = { healthStatus: status, healthMessage: message, healthDetails: details };
    await this.services.change(service.id, { ...changes, ...(isTransition && { healthSince: at }) }, tx);
    this.events.publish(tx, service.id, agent.id);
    if (isTransition) await this.log.append(tx, { service, agent, status, message, details, at });
    else if (isNewMessage) await this.log.changeMessage(tx, service, message);
  }

  /** The present health of the service; null when it has reported none. */
  async findLatest(service: CapsuleServiceEntity): Promise<HealthReport | null> {
    return toLatestHealth(await this.reports.findLatest(service.id), service);
  }

  /** The present health, the health at the start of the range, and the transitions in it, newest first. */
  async getHistory(service: CapsuleServiceEntity, range: HistoryRange): Promise<ServiceHealthAnswer> {
    const { id } = service;
    const latest = await this.findLatest(service);
    const history = await this.reports.listInRange(id, range);
    const atStart = range.from ? await this.reports.findBefore(id, range.from) : null;
    return {
      ...toCurrentHealth(service, latest),
      latest,
      history: history.map(toHealthReport),
      atStart: atStart && toHealthReport(atStart),
    };
  }

  /** The last 24 hours of each of these services: the worst status of every half hour. Unknown ids are left out. */
  async listStrips(ids: readonly CapsuleServiceId[]): Promise<HealthStrip[]> {
    const from = this.clock.secondsFromNow(-SPANS * SPAN_SECONDS);
    const changes = await this.reports.listStatusesBySpan(ids, from, SPAN_SECONDS * 1_000);
    const starts = await this.reports.listStatusesAt(ids, from);
    return starts.map(({ id, status }) => {
      const own = changes.filter(({ serviceId }) => serviceId === id);
      return { serviceId: id, from: toInstant(from), statuses: toHealthStrip(status, own, SPANS) };
    });
  }

  /**
   * Deletes one bounded batch of transitions past their retention; returns how many, or null when history is kept forever.
   * The last transition before the retention period stays, however old, so that the health at its start is known.
   */
  @MaintenanceJob({
    id: 'health-history',
    phase: 'retention',
    description: 'Deletes health history past its retention.',
  })
  async prune({ settings: { healthRetentionDays: days } }: JobContext): Promise<number | null> {
    if (days === 0) return null;
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    // The search runs in a worker: even when there is nothing to delete, it reads a transition of every service.
    const ids = await this.reports.listSupersededBefore(before, BATCH);
    if (ids.length === 0) return 0;
    return this.db.transaction((tx) => this.reports.delete(ids, tx));
  }
}

/** Worst first. */
const BY_SEVERITY: readonly (HealthStatus | null)[] = ['DOWN', 'DEGRADED', 'UNKNOWN', 'UP', null];

const worst = (statuses: readonly (HealthStatus | null)[]): HealthStatus | null =>
  BY_SEVERITY.find((status) => statuses.includes(status)) ?? null;

/** The worst status of each span, among the one it began with and those entered in it. */
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
