import { Injectable } from '@nestjs/common';
import type { AgentId, HeartbeatRequest, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { AgentsRepository } from '../agents.repository.js';
import { AgentLiveness } from '../liveness/agent-liveness.js';
import { CadenceService } from '../liveness/cadence.js';
import { matchHealth, isChanged, KnownServices } from '../reports/known-services.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceHealthService } from '../services/health/service-health.service.js';
import { ServiceFreshness } from '../services/service-freshness.js';
import { AgentTokenAge } from '../tokens/agent-tokens.service.js';

/** An agent that just goes on being alive is worth an event this often: more would be most of what the store holds. */
const STEADY_SECONDS = 6 * 3600;
/** One that comes and goes is worth an event this often at most. */
const LEAST_SECONDS = 300;

/** Audits heartbeats: the first, the first after a silence, and one every six hours. */
@Injectable()
export class HeartbeatAudit {
  /** Spares the database a question; the row decides, for all replicas. */
  readonly #dueAt = new Map<AgentId, number>();

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async note(agent: AgentActor): Promise<void> {
    const now = this.clock.now();
    const isBack = agent.status !== 'ONLINE';
    if (!isBack && now.getTime() < (this.#dueAt.get(agent.id) ?? 0)) return;
    const before = this.clock.secondsFromNow(-(isBack ? LEAST_SECONDS : STEADY_SECONDS));
    await this.db.transaction(async (tx) => {
      if (!(await this.agents.claimHeartbeatAudit(agent.id, now, before, tx))) return;
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.heartbeat.received',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} is alive.`,
      });
    });
    this.#dueAt.set(agent.id, now.getTime() + STEADY_SECONDS * 1000);
  }
}

/** Takes the health that heartbeats bring; one that says nothing new costs the database nothing. */
@Injectable()
export class HeartbeatHealth {
  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly own: KnownServices,
    private readonly freshness: ServiceFreshness,
    private readonly health: ServiceHealthService,
    private readonly liveness: AgentLiveness,
  ) {}

  /** Services that are not this agent's are passed over: it is alive all the same. */
  async apply(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<void> {
    const reports = matchHealth(await this.own.get(agent.id), heartbeat);
    await this.freshness.record(reports.map(({ id }) => id));
    const news = new Map(reports.filter(isChanged).map(({ id, health }) => [id, health]));
    if (news.size === 0) return;
    await this.db.transaction(async (tx) => {
      await this.liveness.markSeenIn(tx, agent);
      for (const { service } of await this.services.listOfAgent(agent.id, tx)) {
        const health = news.get(service.id);
        if (health) await this.health.apply(tx, agent, service, health);
      }
    });
  }
}

/** What a later module adds to the response to a heartbeat. */
export type HeartbeatPart = (agent: AgentActor) => Promise<Partial<HeartbeatResponse>>;

/** Receives heartbeats, and tells the agent what it should know. */
@Injectable()
export class HeartbeatService {
  readonly #parts: HeartbeatPart[] = [];

  constructor(
    private readonly liveness: AgentLiveness,
    private readonly audit: HeartbeatAudit,
    private readonly health: HeartbeatHealth,
    private readonly cadence: CadenceService,
    private readonly tokenAge: AgentTokenAge,
  ) {}

  /** Adds what `part` returns to every response. Call it at start. */
  addPart(part: HeartbeatPart): void {
    this.#parts.push(part);
  }

  /** Notes that the agent is alive and the health it brings; answers with the cadence, commands it should stop, and whether its
   * token is due. */
  async receive(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<HeartbeatResponse> {
    await this.liveness.markSeen(agent);
    await this.audit.note(agent);
    await this.health.apply(agent, heartbeat);
    const response: HeartbeatResponse = this.cadence.current();
    for (const part of this.#parts) Object.assign(response, await part(agent));
    if (await this.tokenAge.isRotationDue(agent)) Object.assign(response, { rotateToken: true });
    return response;
  }
}
