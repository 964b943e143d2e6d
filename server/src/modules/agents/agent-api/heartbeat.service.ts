import { Injectable } from '@nestjs/common';
import type { AgentId, AgentProcess, HeartbeatRequest, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import { cleaningOf, warningsField } from '../../../http/validation/cleaning.js';
import { AuditService } from '../../audit/audit.service.js';
import { AgentWarningsService } from '../agent-warnings.service.js';
import { AgentsRepository } from '../agents.repository.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { Cadence } from '../liveness/cadence.js';
import { isHealthChanged, KnownServices, matchHealth } from '../reports/known-services.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceHealthService } from '../services/health/service-health.service.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { AgentTokensService } from '../tokens/agent-tokens.service.js';
import { processChanges } from './process-changes.js';

/** How often a steady agent's heartbeat is audited: more events would dominate the audit log (docs/decisions/0010). */
const STEADY_AUDIT_SECONDS = 6 * 3600;
/** How often, at most, the return of an agent that keeps going offline is audited. */
const MIN_AUDIT_SECONDS = 300;

/** The fields that a later module adds to the response to a heartbeat. */
export type HeartbeatPart = (agent: AgentActor) => Promise<Partial<HeartbeatResponse>>;

/** Receives heartbeats: records liveness and health, and answers with what the agent should know. */
@Injectable()
export class HeartbeatService {
  readonly #parts: HeartbeatPart[] = [];
  /** When each agent's next audit event is due. This only saves queries: the agent's row decides, for all replicas. */
  readonly #auditDueAt = new Map<AgentId, number>();

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly services: CapsuleServicesRepository,
    private readonly known: KnownServices,
    private readonly freshness: ServiceFreshness,
    private readonly health: ServiceHealthService,
    private readonly liveness: AgentLiveness,
    private readonly tokens: AgentTokensService,
    private readonly warnings: AgentWarningsService,
    private readonly cadence: Cadence,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Adds what `part` returns to every response. Call it at start. */
  addPart(part: HeartbeatPart): void {
    this.#parts.push(part);
  }

  /** Records that the agent is alive and the health it reports; returns when to call again, and what the parts add. */
  async receive(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<HeartbeatResponse> {
    // A goodbye that is repeated, because its answer was lost, is no sign of life.
    if (heartbeat.leaving && agent.status === 'OFFLINE') return this.cadence.current();
    await this.liveness.markSeen(agent);
    await this.#auditIfDue(agent);
    if (heartbeat.agent) await this.#storeProcess(agent, heartbeat.agent);
    await this.#storeHealth(agent, heartbeat);
    const changed = cleaningOf(heartbeat)?.warnings ?? [];
    await this.warnings.record(agent, 'heartbeat', changed);
    const response: HeartbeatResponse = this.cadence.current();
    for (const part of this.#parts) Object.assign(response, await part(agent));
    if (heartbeat.leaving) await this.liveness.leave(agent, heartbeat.leaving);
    else if (await this.tokens.isRotationDue(agent)) Object.assign(response, { rotateToken: true });
    return Object.assign(response, warningsField(changed));
  }

  /** Audits an agent's first heartbeat, the first after a silence, and one every six hours. */
  async #auditIfDue(agent: AgentActor): Promise<void> {
    const now = this.clock.now();
    const isBack = agent.status !== 'ONLINE';
    const leftMs = (this.#auditDueAt.get(agent.id) ?? 0) - now.getTime();
    // Further away than its interval: the clock has been set back since.
    if (!isBack && leftMs > 0 && leftMs <= STEADY_AUDIT_SECONDS * 1000) return;
    const before = this.clock.secondsFromNow(-(isBack ? MIN_AUDIT_SECONDS : STEADY_AUDIT_SECONDS));
    await this.db.transaction(async (tx) => {
      if (!(await this.agents.claimHeartbeatAudit(agent.id, now, before, tx))) return;
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.heartbeat.received',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} is alive.`,
      });
    });
    this.#auditDueAt.set(agent.id, now.getTime() + STEADY_AUDIT_SECONDS * 1000);
  }

  /** Stores what an agent says of itself, if it changed: it may have been updated or moved since it registered. */
  async #storeProcess(agent: AgentActor, stated: AgentProcess): Promise<void> {
    const known = await this.agents.findById(agent.id);
    if (!known || Object.keys(processChanges(known, stated)).length === 0) return;
    await this.db.transaction(async (tx) => {
      const before = await this.agents.findById(agent.id, tx);
      const changes = before ? processChanges(before, stated) : {};
      const fields = Object.keys(changes);
      const values = Object.fromEntries(Object.entries(changes).map(([field, { to }]) => [field, to]));
      if (fields.length === 0 || !(await this.agents.saveProcess(agent.id, values, this.clock.now(), tx))) return;
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.process.changed',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} changed its ${fields.join(', ')}.`,
        metadata: { changes },
      });
    });
  }

  /** Stores the health of the agent's own services; the rest is ignored. Unchanged health costs no query. */
  async #storeHealth(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<void> {
    const reports = matchHealth(await this.known.get(agent.id), heartbeat);
    await this.freshness.record(reports.map(({ id }) => id));
    const changed = new Map(reports.filter(isHealthChanged).map(({ id, health }) => [id, health]));
    if (changed.size === 0) return;
    await this.db.transaction(async (tx) => {
      await this.liveness.markSeenIn(tx, agent);
      for (const service of await this.services.findByIds([...changed.keys()], tx)) {
        const health = changed.get(service.id);
        // It may have moved or been retired since it was last read.
        const isOwn = service.agentId === agent.id && service.retiredAt === null;
        if (health && isOwn) await this.health.apply(tx, agent, service, health);
      }
    });
  }
}
