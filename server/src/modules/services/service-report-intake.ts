import { Injectable } from '@nestjs/common';
import type { RejectedService, ReportServicesRequest, ReportServicesResponse } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { SampledAudit } from '../audit/sampled-audit.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { ServiceReporting } from './service-reporting.js';

/** A report names 200 services at most; the audit need not repeat them all. */
const MAX_OTHER_CODES = 20;

/** Takes reports of services, and audits what is refused of them. */
@Injectable()
export class ServiceReportIntake {
  constructor(
    private readonly reporting: ServiceReporting,
    private readonly services: CapsuleServicesRepository,
    private readonly sampled: SampledAudit,
  ) {}

  /** Stores a report. Services that a live other agent owns are left alone, listed in `rejected`, and audited. */
  async take(agent: AgentActor, request: ReportServicesRequest): Promise<ReportServicesResponse> {
    const response = await this.reporting.report(agent, request);
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
