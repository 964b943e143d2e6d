import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId, HealthStrip, ServiceHealth } from '#contracts';
import { Clock, toInstant } from '../../common/time/clock.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import { toHealthReport, toLatestHealth } from './capsule-service.mapper.js';
import type { HealthHistoryQuery } from './dto/services.query.js';
import { HealthHistoryRepository } from './health-history.repository.js';
import { toHealthStrip } from './health-strip.js';
import { ServicePartsRepository } from './service-parts.repository.js';

const SPAN_SECONDS = 1_800;
const SPANS = 48;

/** What services said of their health over time. */
@Injectable()
export class HealthHistory {
  constructor(
    private readonly history: HealthHistoryRepository,
    private readonly parts: ServicePartsRepository,
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
